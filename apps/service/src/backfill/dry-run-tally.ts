import { z } from 'zod';
import { DayTally } from '../events/delivery/day-tally.ts';
import { mapRow } from '../events/delivery/map-rows.ts';
import type { UnlistedName } from '../events/first-seen/unlisted-names.ts';

/** Unknown event types and unlisted properties that a tally has; further ones are counted together. */
const namesShown = 500;

const counts = z.record(z.string(), z.int());

/** What would have become of the events that a dry run has read. It is stored with the report. */
export const dryRunTallySchema = z.object({
  /** Events that would be sent, by their name in Mixpanel and UTC day. */
  days: z.array(z.object({ day: z.string(), event: z.string(), count: z.int() })),
  skipped: counts.describe('Events that would not be sent, by reason.'),
  deadLettered: counts.describe('Events that would become dead letters, by reason.'),
  notes: counts.describe('Events with something unusual, by kind; they would be sent.'),
  unlisted: z
    .array(z.object({ kind: z.enum(['event_type', 'property']), name: z.string(), batches: z.int() }))
    .describe('Names that the catalogue version lacks, with the number of blocks that have them.'),
  moreUnlisted: z.int().describe('Blocks with further such names.'),
});
export type StoredDryRunTally = z.output<typeof dryRunTallySchema>;

/** Maps the events that a back-fill would accept, and counts what becomes of them. */
export class DryRunTally {
  readonly #days = new DayTally();
  readonly #stored: Omit<StoredDryRunTally, 'days' | 'unlisted'>;
  readonly #unlisted: Map<string, StoredDryRunTally['unlisted'][number]>;

  /** @param stored what was counted before */
  constructor(stored?: StoredDryRunTally) {
    const { days, unlisted, ...rest } = stored ?? emptyTally();
    for (const { event, day, count } of days) this.#days.add(event, Date.parse(day) / 1_000, count);
    this.#unlisted = new Map(unlisted.map(each => [keyOf(each), each]));
    this.#stored = rest;
  }

  /**
   * Adds the events of one batch.
   *
   * @param profile JSON text of the mapping options
   * @param now milliseconds since 1970
   */
  add(batch: { readonly body: Uint8Array; readonly profile: string }, now: number): void {
    const { outbound, skipped, unmapped, notes, unlisted } = mapRow(batch, now);
    for (const { event, time } of outbound) this.#days.add(event, time);
    addAll(this.#stored.skipped, skipped);
    addAll(this.#stored.notes, notes);
    for (const { reason } of unmapped) addAll(this.#stored.deadLettered, { [reason]: 1 });
    for (const each of unlisted) this.#addName(each);
  }

  stored(): StoredDryRunTally {
    return { days: this.#days.counts(), unlisted: [...this.#unlisted.values()], ...this.#stored };
  }

  #addName(name: UnlistedName): void {
    const known = this.#unlisted.get(keyOf(name));
    if (known !== undefined) known.batches += 1;
    else if (this.#unlisted.size < namesShown) this.#unlisted.set(keyOf(name), { ...name, batches: 1 });
    else this.#stored.moreUnlisted += 1;
  }
}

export const emptyTally = (): StoredDryRunTally => ({
  ...{ days: [], skipped: {}, deadLettered: {}, notes: {}, unlisted: [], moreUnlisted: 0 },
});

const keyOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;

function addAll(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(from)) to[key] = (to[key] ?? 0) + count;
}
