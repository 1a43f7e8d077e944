/** The columns of `vendor_deletion` under the names of the port. */
export const deletionColumns = 'number, project, connection, state, since, due_at AS "dueAt", revision, text';

/** Of each state in which there is something to do, the deletion with the earliest `due_at`. */
export const dueDeletions = ['waiting', 'asking', 'followed']
  .map(
    state => `SELECT * FROM (SELECT ${deletionColumns} FROM vendor_deletion
      WHERE state = '${state}' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) AS ${state}`,
  )
  .join(' UNION ALL ');

const sumOf = (condition: string) => `coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;
const isWaiting = "state IN ('waiting', 'asking')";

/** The summary of `vendor_deletion`, with placeholders of its bounds. */
export const deletionSummary = (waitingBefore: string, followedBefore: string, failedAfter: string) => `
  SELECT connection,
    ${sumOf(isWaiting)} AS waiting,
    ${sumOf("state = 'followed'")} AS followed,
    ${sumOf("state = 'done'")} AS done,
    ${sumOf("state = 'failed'")} AS failed,
    ${sumOf(`state = 'failed' AND since > ${failedAfter}`)} AS "failedLately",
    ${sumOf(`${isWaiting} AND since < ${waitingBefore}`)} AS "waitingLong",
    ${sumOf(`state = 'followed' AND since < ${followedBefore}`)} AS "followedLong"
  FROM vendor_deletion GROUP BY connection ORDER BY connection`;
