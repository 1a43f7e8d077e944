import { setImmediate as nextTurn } from 'node:timers/promises';
import { DryRunTally } from './dry-run-tally.ts';
import type { JobWork } from './job-work.ts';
import { scopeOf } from './wanted.ts';

/** Time between two writes of the report. */
const storeMs = 1_000;

/**
 * Counts what would become of the wanted events of a job, and accepts none. The report is stored at the end of
 * a file, at most once a second: after a crash, counting continues behind that file.
 *
 * Resolves to whether everything was read.
 */
export async function dryRun(work: JobWork): Promise<boolean> {
  const { now } = work.environment;
  const { wanted, mapping: profile } = work.options;
  const tally = new DryRunTally(work.report.tally);
  let last = work.report;
  let storedAt = now();
  for await (const { report, batches } of work.read(scopeOf(wanted), { wanted, report: work.report })) {
    for (const { body } of batches) {
      tally.add({ body: work.redact(body), profile }, now());
      // Requests are answered between two batches.
      await nextTurn();
    }
    last = report;
    // The position within a file is not stored.
    const isDue = report.partial === 0 && now() - storedAt >= storeMs;
    if (isDue) storedAt = now();
    if (!(await (isDue ? work.write({ report: { ...report, tally: tally.stored() } }) : work.isCurrent())))
      return false;
  }
  return work.write({ report: { ...last, tally: tally.stored() } });
}
