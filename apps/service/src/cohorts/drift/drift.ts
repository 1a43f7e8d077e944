import { z } from 'zod';

/** The last drift check of a sync, as it is stored. */
export interface Drift {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** API identifier of the segment in Braze. */
  readonly segment: string;
  /** Absent where it is not known. */
  readonly found?: {
    /** Braze's estimate of the size, and the day that it is of. */
    readonly size: number;
    readonly day: string;
    /** Members that Braze had accepted. */
    readonly accepted: number;
  };
  /** Why it is not known, as a sentence. */
  readonly why?: string;
}

export const driftSchema = z.object({
  checkedAt: z.iso.datetime(),
  segment: z.string(),
  size: z.int().nullable().describe("Braze's estimate of the users in the segment; `null` if not known."),
  day: z.string().nullable().describe('The day of the estimate, in the time zone of the Braze company.'),
  accepted: z.int().nullable().describe('Members that Braze had accepted at the time of the check.'),
  difference: z
    .int()
    .nullable()
    .describe(
      'size - accepted. Above 0, the segment has at least about so many users who are no members. At 0 or below, it may have some too, since Braze also accepts IDs that it does not know.',
    ),
  why: z.string().nullable().describe('Why it is not known.'),
});

export type DriftJson = z.output<typeof driftSchema>;

export function driftJson({ at, segment, found, why }: Drift): DriftJson {
  const { size = null, day = null, accepted = null } = found ?? {};
  const difference = found ? found.size - found.accepted : null;
  return {
    ...{ checkedAt: new Date(at).toISOString(), segment, size, day, accepted, difference },
    why: why ?? null,
  };
}

/**
 * The least difference that counts as drift: the size is an estimate, of another moment than the members. A part of
 * the members, and a number of users.
 */
export const driftBounds = { part: 0.05, users: 10 } as const;

/** Whether a segment has more users than its cohort has members, by more than an estimate explains. */
export function isDrift({ difference, accepted }: Pick<DriftJson, 'difference' | 'accepted'>): boolean {
  return difference !== null && difference > Math.max(driftBounds.part * (accepted ?? 0), driftBounds.users);
}
