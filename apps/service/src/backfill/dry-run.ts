import { setImmediate as nextTurn } from 'node:timers/promises';
import { forgottenReason } from '../events/delivery/forgotten-users.ts';
import { DryRunTally } from './dry-run-tally.ts';
import type { JobWork } from './job-work.ts';
import type { BackfillReport } from './report.ts';
import { scopeOf } from './wanted.ts';

/** Time between two writes of the report. */
const storeMs = 1_000;

/** Counts what would become of the wanted events of a job, and accepts none. Resolves to whether all were read. */
export async function dryRun(work: JobWork): Promise<boolean> {
  const report = await countEvents(work, scopeOf(work.options.wanted));
  return report !== undefined && work.write({ report });
}

/**
 * The report of a job with the tally of its wanted events. It is stored at the end of a file, at most once a
 * second: after a crash, counting continues behind that file. Resolves to `undefined` where the job was changed
 * meanwhile.
 *
 * @param scope files that were read for it are left out
 */
export async function countEvents(work: JobWork, scope: string): Promise<BackfillReport | undefined> {
  const { now } = work.environment;
  const { wanted } = work.options;
  // Which events are ahead of the clock must not change on the way.
  const { createdAt } = work.job;
  const tally = new DryRunTally(work.report.tally);
  let last = work.report;
  let storedAt = now();
  for await (const { report, batches } of work.read(scope, { wanted, report: work.report })) {
    await work.environment.forgotten.refresh();
    for (const { body: given, profile } of batches) {
      const { body, removed } = work.deliverable(given);
      tally.add({ body, profile }, createdAt);
      tally.addSkipped(forgottenReason, removed);
      // Requests are answered between two batches.
      await nextTurn();
    }
    last = report;
    // The position within a file is not stored.
    const isDue = report.partial === 0 && now() - storedAt >= storeMs;
    if (isDue) storedAt = now();
    if (!(await (isDue ? work.write({ report: { ...report, tally: tally.stored() } }) : work.isCurrent())))
      return undefined;
  }
  return { ...last, tally: tally.stored() };
}
