/** The last sign of the process that makes a reconciliation, in milliseconds since 1970 on the database's time. */
export const renewedReconciliations =
  'ALTER TABLE reconciliation ADD COLUMN renewed_at INTEGER NOT NULL DEFAULT 0;';
