/** Segments: one filter each, evaluated over the users on every request. */
import { z } from 'zod';
import type { Cohorts } from '../partners/cohorts.ts';
import type { Users } from '../users/users.ts';

const filterSchema = z.discriminatedUnion('type', [
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

export const segmentSchema = z.strictObject({ name: z.string().min(1), filter: filterSchema });
export type SegmentDefinition = z.infer<typeof segmentSchema>;
export const shownSegmentSchema = segmentSchema.extend({ id: z.string().min(1) });
/** A segment with its current number of members; `null` while several cohorts have the name in its filter. */
export const countedSegmentSchema = shownSegmentSchema.extend({ count: z.int().nullable() });
export type Segment = Readonly<z.output<typeof shownSegmentSchema>>;

export class Segments {
  readonly #segments = new Map<string, Segment>();
  readonly #users: Users;
  readonly #cohorts: Cohorts;
  #made = 0;

  constructor(users: Users, cohorts: Cohorts) {
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
    return this.restore({ id: `segment-${this.#made}`, ...definition });
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
  *members(segment: Segment): Generator<string> {
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
    return { ...segment, count };
  }

  clear(): void {
    this.#segments.clear();
    this.#made = 0;
  }

  #test({ filter }: Segment): (number: number) => boolean {
    if (filter.type === 'custom_attribute')
      return number => this.#users.attribute(number, filter.name) === true;
    const members = this.#cohorts.named(filter.cohort)[0]?.members;
    const included = filter.operator === 'includes';
    return number => (members?.has(number) ?? false) === included;
  }
}
