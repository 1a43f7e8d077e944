import { backfillQueue } from './backfill-queue.ts';
import type { JobWork } from './job-work.ts';
import { scopeOf } from './wanted.ts';

/**
 * Accepts the wanted events of a job: into the queue of its connection, in one transaction with the positions
 * of their files. Reading follows delivery: it waits while the queue has more than 20,000 events.
 *
 * Resolves to whether everything was read.
 */
export async function acceptEvents(work: JobWork): Promise<boolean> {
  const { connection } = work.job;
  const { wanted } = work.options;
  const scope = scopeOf(wanted);
  const queue = backfillQueue(connection);
  for await (const { report, files, batches } of work.read(scope, { wanted, report: work.report })) {
    await work.untilQueueHasSpace(queue);
    const written = await work.write({
      report,
      files: files.map(file => ({ ...file, connection, scope })),
      batches: batches.map(each => work.batch(queue, each)),
    });
    if (!written) return false;
    if (batches.length > 0) work.environment.wake(queue);
  }
  return true;
}
