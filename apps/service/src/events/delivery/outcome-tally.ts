import type { ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { DayOutcome } from '@braze-mixpanel/storage';

const daySeconds = 86_400;

/** UTC day of a time in UNIX seconds: `YYYY-MM-DD`. */
export const dayAt = (time: number): string =>
  new Date(Math.floor(time / daySeconds) * daySeconds * 1_000).toISOString().slice(0, 10);

/** Counts what became of events beside their import, by name and UTC day of their `time`. */
export class OutcomeTally {
  readonly #counts = new Map<string, { outcome: Omit<DayOutcome, 'day'>; time: number }>();
  readonly #company: ProjectTimeZone | undefined;

  /** @param company time zone of the Braze company; `undefined` for UTC */
  constructor(company: ProjectTimeZone | undefined) {
    this.#company = company;
  }

  /** @param time UNIX seconds */
  add(kind: DayOutcome['kind'], reason: string, event: string, time: number, count = 1): void {
    const key = `${Math.floor(time / daySeconds)}\n${kind}\n${reason}\n${event}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { outcome: { event, kind, reason, count }, time });
    else known.outcome.count += count;
  }

  /** Counts events that are on another day in the time zone of the company. */
  addDay(event: string, time: number, count = 1): void {
    if (this.#company === undefined) return;
    const shift = Math.floor(this.#company.toLocal(time) / daySeconds) - Math.floor(time / daySeconds);
    if (shift !== 0) this.add(shift < 0 ? 'day_before' : 'day_after', '', event, time, count);
  }

  /** Counts events on their day in the time zone of the company. */
  addOnCompanyDay(kind: DayOutcome['kind'], reason: string, event: string, time: number, count = 1): void {
    this.add(kind, reason, event, this.#company?.toLocal(time) ?? time, count);
  }

  counts(): DayOutcome[] {
    return [...this.#counts.values()].map(({ outcome, time }) => ({ day: dayAt(time), ...outcome }));
  }
}
