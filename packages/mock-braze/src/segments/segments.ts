/** Segments: one filter each, evaluated over the users on every request. */
import { z } from 'zod';
import type { Cohorts } from '../partners/cohorts.ts';
import type { Users } from '../users/users.ts';

export const segmentFilterSchema = z.discriminatedUnion('type', [
  z.strictObject({
    /** The dashboard's filter `Mixpanel_Cohorts`. */
    type: z.literal('mixpanel_cohort'),
    operator: z.enum(['includes', 'does_not_include']),
    /** Cohort ID or name. */
    cohort: z.string().min(1),
  }),
  z.strictObject({
    type: z.literal('custom_attribute'),
    name: z.string().min(1),
    operator: z.literal('is_true'),
  }),
]);

export const segmentSchema = z.strictObject({ name: z.string().min(1), filter: segmentFilterSchema });
export type SegmentDefinition = z.infer<typeof segmentSchema>;
export const shownSegmentSchema = segmentSchema.extend({ id: z.string().min(1) });
/** A segment with its current number of members; `null` while several cohorts have the name in its filter. */
export const countedSegmentSchema = shownSegmentSchema.extend({ count: z.int().nullable() });
/** Sizes of a segment in order of time, each from its `at` on. */
export const segmentSizesSchema = z.array(z.object({ at: z.string(), size: z.int() }));
export type Segment = Readonly<z.output<typeof shownSegmentSchema>>;

/** Maximum of sizes that are kept of a segment; the oldest are dropped first. */
const keptSizes = 500;
/** Least simulated milliseconds between two measurements that no reader asked for. */
const measuredEveryMs = 1_000;
/** Number of users above which a size is measured only when it is read. */
const measuredUsers = 100_000;

interface Size {
  readonly at: number;
  readonly size: number;
}

export class Segments {
  readonly #segments = new Map<string, Segment>();
  readonly #sizes = new Map<string, Size[]>();
  readonly #now: () => number;
  #measuredAt = Number.NEGATIVE_INFINITY;
  readonly #users: Users;
  readonly #cohorts: Cohorts;
  #made = 0;

  /** @param now simulated time, in milliseconds since 1970. */
  constructor(users: Users, cohorts: Cohorts, now: () => number) {
    this.#now = now;
    this.#users = users;
    this.#cohorts = cohorts;
  }

  list(): Segment[] {
    return [...this.#segments.values()];
  }

  get(id: string): Segment | undefined {
    return this.#segments.get(id);
  }

  create(definition: SegmentDefinition): Segment {
    do this.#made += 1;
    while (this.#segments.has(`segment-${this.#made}`));
    const segment = this.restore({ id: `segment-${this.#made}`, ...definition });
    this.counted(segment);
    return segment;
  }

  delete(id: string): boolean {
    this.#sizes.delete(id);
    return this.#segments.delete(id);
  }

  restore(segment: Segment): Segment {
    this.#segments.set(segment.id, segment);
    return segment;
  }

  /** IDs of the cohorts that share the name in a filter; empty if the filter is clear. */
  ambiguous({ filter }: Pick<Segment, 'filter'>): string[] {
    if (filter.type !== 'mixpanel_cohort') return [];
    const named = this.#cohorts.named(filter.cohort);
    return named.length > 1 ? named.map(({ cohortId }) => cohortId) : [];
  }

  /**
   * External IDs of the current members, in the order in which the users were created. A cohort that was
   * never imported includes no users. See `ambiguous` for a name that several cohorts share.
   */
  *members(segment: Pick<Segment, 'filter'>): Generator<string> {
    const inside = this.#test(segment);
    for (let number = 0; number < this.#users.end; number += 1) {
      const externalId = this.#users.externalId(number);
      if (externalId !== undefined && inside(number)) yield externalId;
    }
  }

  /** A segment with the number of its current members. */
  counted(segment: Segment): z.output<typeof countedSegmentSchema> {
    if (this.ambiguous(segment).length > 0) return { ...segment, count: null };
    let count = 0;
    for (const _ of this.members(segment)) count += 1;
    this.#note(segment.id, count);
    return { ...segment, count };
  }

  /** Measures the segments, after a change of users or cohorts: at most once in a second of simulated time. */
  measure(): void {
    const now = this.#now();
    if (Math.abs(now - this.#measuredAt) < measuredEveryMs || this.#users.end > measuredUsers) return;
    this.#measuredAt = now;
    for (const segment of this.#segments.values()) this.counted(segment);
  }

  /** Sizes from the creation of a segment until now, each with the time at which it was measured first. */
  sizes(segment: Segment): z.output<typeof segmentSizesSchema> {
    this.counted(segment);
    const sizes = this.#sizes.get(segment.id) ?? [];
    return sizes.map(({ at, size }) => ({ at: new Date(at).toISOString(), size }));
  }

  clear(): void {
    this.#segments.clear();
    this.#sizes.clear();
    this.#measuredAt = Number.NEGATIVE_INFINITY;
    this.#made = 0;
  }

  #note(id: string, size: number): void {
    if (!this.#segments.has(id)) return;
    const at = this.#now();
    // A clock that was set back has no later measurements.
    const sizes = (this.#sizes.get(id) ?? []).filter(known => known.at < at);
    if (sizes.at(-1)?.size !== size) sizes.push({ at, size });
    this.#sizes.set(id, sizes.slice(-keptSizes));
  }

  #test({ filter }: Pick<Segment, 'filter'>): (number: number) => boolean {
    if (filter.type === 'custom_attribute')
      return number => this.#users.attribute(number, filter.name) === true;
    const members = this.#cohorts.named(filter.cohort)[0]?.members;
    const included = filter.operator === 'includes';
    return number => (members?.has(number) ?? false) === included;
  }
}
