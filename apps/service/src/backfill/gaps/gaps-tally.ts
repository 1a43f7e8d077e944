import type { GapsReport } from './gaps-report.ts';

/** Rows of missing events that a report has; further ones are counted together. */
const rowsShown = 5_000;

/** Counts of a search for gaps while it runs. */
export class GapsTally {
  readonly #report: GapsReport;
  readonly #rows: Map<string, GapsReport['missing'][number]>;

  /** @param report what was found before */
  constructor(report: GapsReport) {
    this.#report = structuredClone(report);
    this.#rows = new Map(this.#report.missing.map(row => [keyOf(row), row]));
  }

  add(found: 'present' | 'underAnotherId' | 'copies'): void {
    this.#report[found] += 1;
  }

  /** @param time UNIX seconds */
  addMissing(event: string, time: number): void {
    const hour = new Date(time * 1_000).toISOString().slice(0, 13);
    const row = this.#rows.get(keyOf({ hour, event }));
    if (row !== undefined) row.count += 1;
    else if (this.#rows.size < rowsShown) this.#addRow({ hour, event, count: 1 });
    else this.#report.moreMissing += 1;
  }

  dayIsChecked(): void {
    this.#report.checkedDays += 1;
  }

  /** A view, which changes with the next count. */
  get report(): Readonly<GapsReport> {
    return this.#report;
  }

  #addRow(row: GapsReport['missing'][number]): void {
    this.#rows.set(keyOf(row), row);
    this.#report.missing.push(row);
  }
}

const keyOf = ({ hour, event }: { hour: string; event: string }): string => `${hour} ${event}`;
