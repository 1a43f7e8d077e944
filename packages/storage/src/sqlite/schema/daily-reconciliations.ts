/**
 * Whether a reconciliation is a daily one. One of an earlier release says so at the end of its text, or not at all, and
 * then counts as daily.
 */
export const dailyReconciliations = `
  ALTER TABLE reconciliation ADD COLUMN is_daily INTEGER NOT NULL DEFAULT 1;
  UPDATE reconciliation SET is_daily = 0 WHERE text LIKE '%"isDaily":false}';`;
