import type { RunReport, SentCounts } from './sync-record.ts';

/** What Braze accepted in a run, in portions: each is stored with the progress that it belongs to. */
export class RunCost {
  readonly #report: RunReport;
  #stored: SentCounts = { attributeUpdates: 0, assignments: 0 };

  constructor(report: RunReport) {
    this.#report = report;
  }

  /** The counts since the last portion that was stored; `stored` is called once this one is. */
  next(): { counts: SentCounts; stored: () => void } {
    const { billedUpdates: attributeUpdates, assignments = 0 } = this.#report;
    const { attributeUpdates: updatesBefore, assignments: assignmentsBefore } = this.#stored;
    return {
      counts: {
        attributeUpdates: attributeUpdates - updatesBefore,
        assignments: assignments - assignmentsBefore,
      },
      stored: () => {
        this.#stored = { attributeUpdates, assignments };
      },
    };
  }
}

export const addedTo = (
  { attributeUpdates, assignments }: SentCounts = { attributeUpdates: 0, assignments: 0 },
  more: SentCounts,
): SentCounts => ({
  attributeUpdates: attributeUpdates + more.attributeUpdates,
  assignments: assignments + more.assignments,
});

/** The day of a moment in UTC, `YYYY-MM-DD`. */
export const utcDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
