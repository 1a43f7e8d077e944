import { backfillQueue } from './backfill-queue.ts';
import type { JobWork } from './job-work.ts';
import type { Step } from './reading/step-reader.ts';
import type { BackfillReport } from './report.ts';
import { scopeOf } from './wanted.ts';

/** Accepts the wanted events of a back-fill. Resolves to whether everything was read. */
export async function acceptEvents(work: JobWork): Promise<boolean> {
  const { report, options, job } = work;
  const scope = scopeOf(options.wanted);
  const steps = work.read(scope, { wanted: options.wanted, report });
  const queue = backfillQueue(job.connection);
  return (await acceptSteps(work, steps, { queue, scope, report })) !== undefined;
}

/**
 * Accepts the events of steps into a queue, each step in one transaction with the positions of its files.
 * Reading follows delivery: it waits while the queue has more than 20,000 events.
 *
 * Resolves to the report of the last step; to `undefined` where the job was changed meanwhile.
 *
 * @param report before the first step
 */
export async function acceptSteps(
  work: JobWork,
  steps: AsyncIterable<Step>,
  { queue, scope, report: before }: { queue: string; scope: string; report: BackfillReport },
): Promise<BackfillReport | undefined> {
  const { connection } = work.job;
  let last = before;
  for await (const { report, files, batches } of steps) {
    if (!(await work.untilQueueHasSpace(queue))) return undefined;
    const written = await work.write({
      report,
      files: files.map(file => ({ ...file, connection, scope })),
      batches: batches.map(each => work.batch(queue, each)),
    });
    if (!written) return undefined;
    last = report;
    if (batches.length > 0) work.environment.onAccepted(queue, batches.length);
  }
  return last;
}
