import { z } from 'zod';
import { DayTally } from '../events/delivery/day-tally.ts';
import { mapRow } from '../events/delivery/map-rows.ts';
import type { UnlistedName } from '../events/first-seen/unlisted-names.ts';
import { SeenSet } from '../reconcile/seen-set.ts';
import { eventKey } from './event-key.ts';

/** Unknown event types and unlisted properties that a tally has; further ones are counted together. */
const namesShown = 500;

/** Slots for the events among which copies are recognised, 8 bytes each: about 2.9 million events. */
const mostSlots = 2 ** 22;

const counts = z.record(z.string(), z.int());
const dayCounts = z.array(z.object({ day: z.string(), event: z.string(), count: z.int() }));

/** What would have become of the events that a dry run has read. It is stored with the report. */
export const dryRunTallySchema = z.object({
  /** Events that would be sent, by their name in Mixpanel and UTC day, each once. */
  days: dayCounts,
  /** Further copies of these events. */
  copies: dayCounts.default([]),
  allCopiesKnown: z
    .boolean()
    .default(false)
    .describe(
      'Every copy was recognised. `false` beyond about 2.9 million events and after an interruption: then some copies are counted as events.',
    ),
  skipped: counts.describe('Events that would not be sent, by reason.'),
  deadLettered: counts.describe('Events that would become dead letters, by reason.'),
  notes: counts.describe('Events with something unusual, by kind; they would be sent.'),
  unlisted: z
    .array(z.object({ kind: z.enum(['event_type', 'property']), name: z.string(), batches: z.int() }))
    .describe('Names that the catalogue version lacks, with the number of blocks that have them.'),
  moreUnlisted: z.int().describe('Blocks with further such names.'),
});
export type StoredDryRunTally = z.output<typeof dryRunTallySchema>;

/**
 * Maps the events that a back-fill would accept, and counts what becomes of them. Files may have an event several
 * times; Mixpanel has it once, so its copies are counted apart. Memory is bounded, so beyond about 2.9 million
 * events copies count as events, which {@link StoredDryRunTally} says.
 */
export class DryRunTally {
  readonly #days = new DayTally();
  readonly #copies = new DayTally();
  readonly #seen: SeenSet;
  readonly #stored: Omit<StoredDryRunTally, 'days' | 'copies' | 'unlisted'>;
  readonly #unlisted: Map<string, StoredDryRunTally['unlisted'][number]>;

  /**
   * @param stored what was counted before
   * @param slots for the events among which copies are recognised, a power of two
   */
  constructor(stored: StoredDryRunTally = emptyTally(), slots = mostSlots) {
    const { days, copies, unlisted, ...rest } = stored;
    for (const { event, day, count } of days) this.#days.add(event, Date.parse(day) / 1_000, count);
    for (const { event, day, count } of copies) this.#copies.add(event, Date.parse(day) / 1_000, count);
    this.#unlisted = new Map(unlisted.map(each => [keyOf(each), each]));
    this.#seen = new SeenSet(slots);
    // The events that were counted before are not in the set.
    this.#stored = { ...rest, allCopiesKnown: rest.allCopiesKnown && days.length === 0 };
  }

  /**
   * Adds the events of one batch.
   *
   * @param profile JSON text of the mapping options
   * @param now milliseconds since 1970
   */
  add(batch: { readonly body: Uint8Array; readonly profile: string }, now: number): void {
    const { outbound, skipped, unmapped, notes, unlisted } = mapRow(batch, now);
    for (const each of outbound) {
      const seen = this.#seen.add(eventKey(each));
      if (seen === 'full') this.#stored.allCopiesKnown = false;
      (seen === 'seen' ? this.#copies : this.#days).add(each.event, each.time);
    }
    addAll(this.#stored.skipped, skipped);
    addAll(this.#stored.notes, notes);
    for (const { reason } of unmapped) addAll(this.#stored.deadLettered, { [reason]: 1 });
    for (const each of unlisted) this.#addName(each);
  }

  /** Adds events that are skipped before they are mapped. */
  addSkipped(reason: string, events: number): void {
    if (events > 0) addAll(this.#stored.skipped, { [reason]: events });
  }

  stored(): StoredDryRunTally {
    const [days, copies] = [this.#days.counts(), this.#copies.counts()];
    return { days, copies, unlisted: [...this.#unlisted.values()], ...this.#stored };
  }

  #addName(name: UnlistedName): void {
    const known = this.#unlisted.get(keyOf(name));
    if (known !== undefined) known.batches += 1;
    else if (this.#unlisted.size < namesShown) this.#unlisted.set(keyOf(name), { ...name, batches: 1 });
    else this.#stored.moreUnlisted += 1;
  }
}

export const emptyTally = (): StoredDryRunTally => ({
  ...{
    days: [],
    copies: [],
    allCopiesKnown: true,
    skipped: {},
    deadLettered: {},
    notes: {},
    unlisted: [],
    moreUnlisted: 0,
  },
});

const keyOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;

function addAll(to: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(from)) to[key] = (to[key] ?? 0) + count;
}
