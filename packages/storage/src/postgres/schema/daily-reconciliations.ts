/**
 * Whether a reconciliation is a daily one. One of an earlier release says so at the end of its text, or not at all, and
 * then counts as daily.
 */
export const dailyReconciliations = `
  ALTER TABLE reconciliation ADD COLUMN is_daily BOOLEAN NOT NULL DEFAULT true;
  UPDATE reconciliation SET is_daily = false WHERE text LIKE '%"isDaily":false}';`;
