import { backfillQueue } from './backfill-queue.ts';
import type { JobEnvironment, JobWork } from './job-work.ts';
import { scopeOf } from './wanted.ts';

/** Pending events of a queue above which reading waits. */
const mostPending = 20_000;
const queueLookMs = 50;

/**
 * Accepts the wanted events of a job: into the queue of its connection, in one transaction with the positions
 * of their files. Reading follows delivery: it waits while the queue has more than 20,000 events.
 *
 * Resolves to whether everything was read.
 */
export async function acceptEvents(work: JobWork): Promise<boolean> {
  const { environment } = work;
  const { connection } = work.job;
  const { wanted, mapping: profile } = work.options;
  const scope = scopeOf(wanted);
  const queue = backfillQueue(connection);
  for await (const { report, files, batches } of work.read(scope, { wanted, report: work.report })) {
    await untilQueueHasSpace(queue, environment);
    const receivedAt = environment.now();
    const written = await work.write({
      report,
      files: files.map(file => ({ ...file, connection, scope })),
      batches: batches.map(({ events, body }) => ({
        ...{ connection: queue, receivedAt, events, profile },
        body: work.redact(body),
      })),
    });
    if (!written) return false;
    if (batches.length > 0) environment.wake(queue);
  }
  return true;
}

async function untilQueueHasSpace(queue: string, { journal, wait, signal }: JobEnvironment): Promise<void> {
  while (!signal.aborted) {
    const counts = (await journal.counts())[queue];
    if ((counts?.pending ?? 0) - (counts?.held ?? 0) <= mostPending) return;
    await wait(queueLookMs);
  }
}
