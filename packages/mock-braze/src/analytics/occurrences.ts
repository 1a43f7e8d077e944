/** Occurrences of custom events or purchases by name and hour of the company. */
import { z } from 'zod';
import { localHour } from './company-time.ts';

interface Hour {
  count: number;
  /** Sum of the prices. */
  revenue: number;
}

const hourMs = 3_600_000;

/** A choice. */
const mostNames = 10_000;

/** An hour of the company's clocks, without a zone. */
const localHourSchema = z.string().refine(hour => Number.isInteger(Date.parse(`${hour}Z`) / hourMs), {
  error: 'must be an hour without a zone, such as 2026-01-31T12:00:00',
});

export const occurrencesSchema = z.array(
  z.strictObject({
    name: z.string().min(1),
    hours: z.array(z.strictObject({ hour: localHourSchema, count: z.int().min(1), revenue: z.number() })),
  }),
);
export type ShownOccurrences = z.output<typeof occurrencesSchema>;

/** Memory grows with names and hours, not with occurrences; of names, the first 10,000 are kept. */
export class Occurrences {
  readonly #names = new Map<string, Map<number, Hour>>();
  readonly #all = new Map<number, Hour>();

  /** @param hour number of hours since 1970 of the company's clocks. */
  add(name: string, hour: number, revenue = 0): void {
    this.#add(name, hour, { count: 1, revenue });
  }

  /** In alphabetical order. */
  names(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** What occurred in consecutive hours; under all names together without a name. */
  in(name: string | undefined, first: number, hours: number): Readonly<Hour> {
    const counted = name === undefined ? this.#all : this.#names.get(name);
    const total = { count: 0, revenue: 0 };
    for (let hour = first; hour < first + hours; hour += 1) addTo(total, counted?.get(hour));
    return total;
  }

  shown(): ShownOccurrences {
    return Array.from(this.#names, ([name, hours]) => ({
      name,
      hours: Array.from(hours, ([hour, { count, revenue }]) => ({ hour: localHour(hour), count, revenue })),
    }));
  }

  restore(shown: ShownOccurrences): void {
    for (const { name, hours } of shown)
      for (const { hour, ...counted } of hours) this.#add(name, Date.parse(`${hour}Z`) / hourMs, counted);
  }

  clear(): void {
    this.#names.clear();
    this.#all.clear();
  }

  #add(name: string, hour: number, counted: Readonly<Hour>): void {
    const hours = this.#names.get(name) ?? new Map<number, Hour>();
    if (this.#names.size >= mostNames && !this.#names.has(name)) return;
    this.#names.set(name, hours);
    for (const each of [hours, this.#all]) {
      const total = each.get(hour) ?? { count: 0, revenue: 0 };
      each.set(hour, total);
      addTo(total, counted);
    }
  }
}

function addTo(total: Hour, counted: Readonly<Hour> | undefined): void {
  total.count += counted?.count ?? 0;
  total.revenue += counted?.revenue ?? 0;
}
