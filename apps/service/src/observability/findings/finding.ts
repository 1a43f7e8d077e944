import { z } from 'zod';

/** Subjects of the findings by their id, as `doctor` shows them. */
export const findingTitles = {
  api_secret: 'Deadlines',
  account_expiry: 'Deadlines',
  project_host: 'Deadlines',
  credentials_refused: 'Credentials',
  currents_failing: 'Currents',
  hot_ids: 'Events of one ID',
  placeholder_ids: 'External ids',
  lookup_tables: 'Lookup tables',
  cohort_drift: 'Segments of cohorts',
  user_deletions: 'Forgotten users',
} as const;
export type FindingId = keyof typeof findingTitles;

/** A finding as `/status` has it; times are ISO 8601. */
export const findingSchema = z.object({
  id: z.string(),
  /** `unverified`: the service cannot know. `warning`: act in time. `critical`: act now. */
  severity: z.enum(['unverified', 'warning', 'critical']),
  /** When it began; `null` where that is not known. */
  since: z.string().nullable(),
  /** When data is lost or a key ends; `null` where that is not known. */
  deadline: z.string().nullable(),
  message: z.string(),
  /** What to do next. */
  next: z.string(),
});
export type FindingJson = z.output<typeof findingSchema>;

/** A finding; times are in milliseconds since 1970. */
export interface Finding extends Omit<FindingJson, 'id' | 'since' | 'deadline'> {
  readonly id: FindingId;
  readonly since: number | null;
  readonly deadline: number | null;
}

const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString());

export const findingJson = ({ since, deadline, ...rest }: Finding): FindingJson => ({
  ...rest,
  since: isoOf(since),
  deadline: isoOf(deadline),
});
