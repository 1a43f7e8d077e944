import { setImmediate as nextTurn } from 'node:timers/promises';
import { DryRunTally } from './dry-run-tally.ts';
import type { Step } from './read-steps.ts';
import type { BackfillReport } from './report.ts';

/** Time between two writes of the report. */
const storeMs = 1_000;

/**
 * A dry run: what a back-fill reads is mapped and counted, and accepted nowhere. Its report is stored at the
 * end of a file, at most once a second. After a crash it continues behind that file.
 */
export class DryRun {
  readonly #now: () => number;
  readonly #tally: DryRunTally;
  #storedAt: number;

  /** @param report what was read before */
  constructor(report: BackfillReport, now: () => number) {
    this.#now = now;
    this.#tally = new DryRunTally(report.tally);
    this.#storedAt = now();
  }

  /**
   * Counts the events of a step, and returns the report where it is time to store it.
   *
   * @param profile JSON text of the mapping options
   */
  async take(
    { batches, report }: Step,
    profile: string,
    redact: (body: Uint8Array) => Uint8Array,
  ): Promise<BackfillReport | undefined> {
    for (const { body } of batches) {
      this.#tally.add({ body: redact(body), profile }, this.#now());
      // Requests are answered between two batches.
      await nextTurn();
    }
    // The position within a file is not stored.
    if (report.partial !== 0 || this.#now() - this.#storedAt < storeMs) return undefined;
    return this.reportWith(report);
  }

  /** A report with everything that was counted so far. */
  reportWith(report: BackfillReport): BackfillReport {
    this.#storedAt = this.#now();
    return { ...report, tally: this.#tally.stored() };
  }
}
