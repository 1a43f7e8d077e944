import { cohortAttribute } from '@braze-mixpanel/core/braze';
import { acceptedMembers, newestTarget } from '@braze-mixpanel/core/cohorts';
import { z } from 'zod';
import { messageOf, type Problem } from '../cohort-error.ts';
import { driftJson, driftSchema } from '../drift/drift.ts';
import {
  cohortName,
  lastRightAt,
  newRecord,
  type RunReport,
  type SyncRecord,
  unmatchedOf,
} from './sync-record.ts';
import type { SyncRunner } from './sync-runner.ts';

const moment = z.iso.datetime();
const count = z.int();

/** A sync in `/api/cohorts` and `/status`. Times are ISO-8601; `null` means "not known" or "not planned". */
export const syncSchema = z
  .object({
    id: z.string(),
    connection: z.string(),
    cohort: z.string(),
    name: z.string(),
    mode: z.enum(['one-time', 'dynamic']),
    source: z.enum(['webhook', 'query']),
    sink: z.enum(['partner', 'track']),
    attribute: z.string().nullable().describe('The boolean attribute in Braze, where the sink is `track`.'),
    status: z.enum(['active', 'paused', 'done']),
    running: z.boolean(),
    intervalSeconds: z.number(),
    nextRun: moment.nullable(),
    nextRunFor: z
      .enum(['read', 'retry', 'full_send'])
      .nullable()
      .describe(
        'What the next run does: reads the cohort, retries, or sends the known members in full. `null` where none is planned.',
      ),
    created: moment,
    lastSuccess: moment
      .nullable()
      .describe('When all changes were last sent and accepted. `null` before the first time.'),
    lastPush: moment.nullable().describe('When Mixpanel last pushed the cohort, empty pushes included.'),
    mixpanelMembers: count
      .nullable()
      .describe("Users in Mixpanel's newest list; two profiles of one user count once."),
    mixpanelProfiles: count
      .nullable()
      .describe('The same list counted in profiles, as Mixpanel shows it. `null` before a full list.'),
    mixpanelReadAt: moment.nullable().describe('The time of both counts.'),
    sentMembers: count.describe('Members of the last list sent completely.'),
    brazeMembers: count.describe(
      'Of these, members accepted by Braze. Braze also accepts unknown IDs, and ignores them.',
    ),
    openMembers: count.describe(
      'Members whose last change Braze rejected or did not confirm: they are sent again with the next list or run.',
    ),
    brazeMembersAt: moment.nullable().describe('The time of sentMembers, brazeMembers and openMembers.'),
    confirmedMembers: count
      .nullable()
      .describe(
        'Of `confirmedOf` members read back from Braze, those found as sent: a sample of the last changes.',
      ),
    confirmedOf: count.nullable(),
    unknownMembers: count
      .nullable()
      .describe('Members of the last sample that are no users of Braze; `null` if that is not known.'),
    confirmedAt: moment.nullable(),
    confirmedWhy: z.string().nullable().describe('Why `confirmedMembers` is unknown.'),
    attributeUpdates: count.describe(
      'Attribute updates that Braze accepted, and bills, since the sync was created.',
    ),
    assignments: count.describe(
      'Members added to or removed from the partner cohort since the sync was created.',
    ),
    drift: driftSchema
      .nullable()
      .describe('The last comparison with a segment of `COHORT_SEGMENTS`; `null` without one.'),
    unmatched: count,
    unmatchedBecause: z
      .object({ noId: count, refusedId: count, noUser: count })
      .describe('Why members are unmatched; the counts add up to `unmatched`.'),
    placeholderIds: z
      .array(z.string())
      .readonly()
      .describe(
        'The first few IDs that look like placeholders, since the start of this process. They are sent too.',
      ),
    held: z
      .object({ from: count, to: count })
      .nullable()
      .describe('A target that empties or more than halves the cohort waits for `confirm`.'),
    interrupted: z.boolean().describe('A run was interrupted and will be resumed.'),
    problem: z.object({ code: z.string(), message: z.string(), at: moment }).nullable(),
  })
  .meta({ id: 'CohortSync' });
export type SyncJson = Readonly<z.output<typeof syncSchema>>;

export function syncJson({
  sync,
  running,
  nextRunAt,
  problem,
}: Pick<SyncRunner, 'running' | 'nextRunAt' | 'problem'> & {
  sync: { record: SyncRecord; placeholderIds: readonly string[] };
}): SyncJson {
  const { record } = sync;
  const { known, waiting, applying } = record.state;
  const newest = newestTarget(record.state);
  const rightAt = lastRightAt(record);
  const unmatchedBecause = unmatchedOf(record);
  const unmatched = (newest?.unmatched ?? 0) + record.withoutId;
  return {
    id: record.id,
    connection: record.connection,
    cohort: record.cohort,
    name: cohortName(record).name,
    mode: record.mode,
    source: record.source,
    sink: record.sink,
    attribute: record.sink === 'track' ? cohortAttribute(record.cohort) : null,
    status: record.status,
    running: running !== undefined,
    intervalSeconds: record.intervalMs / 1_000,
    nextRun: nextRunAt === undefined ? null : time(nextRunAt),
    nextRunFor: nextRunAt === undefined ? null : nextRunFor(record),
    created: time(record.createdAt),
    lastSuccess: rightAt === undefined ? null : time(rightAt),
    lastPush: record.source === 'webhook' && record.pushedAt !== undefined ? time(record.pushedAt) : null,
    mixpanelMembers: newest ? newest.members + unmatched : null,
    mixpanelProfiles: record.profiles ?? null,
    mixpanelReadAt: record.readAt === undefined ? null : time(record.readAt),
    sentMembers: known?.members ?? 0,
    brazeMembers: acceptedMembers(record.state),
    openMembers: record.state.unknown.length,
    brazeMembersAt: record.acceptedAt === undefined ? null : time(record.acceptedAt),
    ...confirmedJson(record),
    attributeUpdates: record.cost?.attributeUpdates ?? 0,
    assignments: record.cost?.assignments ?? 0,
    drift: record.drift ? driftJson(record.drift) : null,
    unmatched,
    unmatchedBecause,
    placeholderIds: sync.placeholderIds,
    held: waiting?.held ? { from: known?.members ?? 0, to: waiting.target.members } : null,
    interrupted: applying !== undefined && running === undefined,
    problem: problem ? { code: problem.code, message: messageOf(problem), at: time(problem.at) } : null,
  };
}

/** A sync that does not run here. */
export function restingJson(record: SyncRecord, problem: SyncRecord['problem']): SyncJson {
  return syncJson({
    sync: { record, placeholderIds: [] },
    running: undefined,
    nextRunAt: undefined,
    problem,
  });
}

/** A sync whose record is damaged: only its problem is known. */
export function damagedJson(id: string, { code, detail }: Problem, at: number): SyncJson {
  const [connection = '', cohort = ''] = id.split(/:(.*)/s);
  const unknown = { mode: 'dynamic', source: 'webhook', sink: 'partner', intervalMs: 0 } as const;
  const record = newRecord({ connection, cohort, ...unknown, origin: 'api' }, at);
  return restingJson({ ...record, status: 'paused' }, { code, detail, at });
}

function nextRunFor({ retryAt, source }: SyncRecord): 'read' | 'retry' | 'full_send' {
  if (retryAt !== undefined) return 'retry';
  return source === 'query' ? 'read' : 'full_send';
}

function confirmedJson({ sink, readBack, acceptedAt }: SyncRecord) {
  const seen = readBack?.seen;
  const yet = acceptedAt === undefined ? 'nothing sent yet' : 'not read back yet';
  const why = sink === 'partner' ? 'Braze exports no members of partner cohorts' : (readBack?.why ?? yet);
  return {
    confirmedMembers: seen && seen.of > 0 ? seen.confirmed : null,
    confirmedOf: seen && seen.of > 0 ? seen.of : null,
    unknownMembers: seen?.unknown ?? null,
    confirmedAt: seen ? time(seen.at) : null,
    confirmedWhy: seen && readBack.why === undefined ? null : why,
  };
}

const statesSchema = z
  .object({
    accepted: count.describe('Members of the cohort whose last change Braze accepted.'),
    unmatched: count,
    refused: count,
    unproven: count,
    waiting: count,
    removed: count.describe('Members that left the cohort, and whose removal Braze accepted in this run.'),
    leaving: count.describe('Of the refused, unproven and waiting ones, those that left the cohort.'),
  })
  .describe(
    'Members by state at the end of the run. accepted + unmatched + refused + unproven + waiting - leaving = mixpanelMembers. `null` where no ledger could be stored.',
  );

/** A run in its sync's history. A run of an earlier release may lack optional fields. */
export const runSchema = z.looseObject({
  id: z.int(),
  trigger: z.string(),
  startedAt: moment,
  finishedAt: moment,
  outcome: z.string(),
  sent: count,
  added: count,
  removed: count,
  accepted: count,
  refused: count,
  unproven: count,
  confirmed: count.nullable(),
  readBack: count.nullable(),
  requests: count,
  billedUpdates: count.optional().describe('Attribute updates that Braze accepted, and bills.'),
  assignments: count.optional().describe('Members added to or removed from a partner cohort.'),
  states: statesSchema.nullable(),
  hasLedger: z
    .boolean()
    .describe(
      'Whether it wrote a ledger. One with `states` that did not changed nothing: the ledger before it holds.',
    ),
  unknown: count.nullable().describe('Of the members that were read back, those that are no users of Braze.'),
  fullSend: z.boolean().optional(),
  mixpanelMembers: count.optional(),
  mixpanelProfiles: count.nullable(),
  mixpanelReadAt: moment.nullable(),
  brazeMembers: count.optional(),
  unmatched: count.optional(),
  unmatchedBecause: z.object({ noId: count, refusedId: count, noUser: count }).optional(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type RunJson = z.output<typeof runSchema>;

export function reportJson({
  problem,
  startedAt,
  finishedAt,
  keepsLedger,
  ...report
}: RunReport & { id: number }): RunJson {
  return {
    ...report,
    sent: report.sent ?? report.added + report.removed + report.refused,
    unproven: report.unproven ?? 0,
    accepted: report.added + report.removed,
    confirmed: report.confirmed ?? null,
    readBack: report.readBack ?? null,
    states: report.states ?? null,
    hasLedger: report.states !== undefined && keepsLedger === undefined,
    unknown: report.unknown ?? null,
    mixpanelProfiles: report.mixpanelProfiles ?? null,
    mixpanelReadAt: report.mixpanelReadAt === undefined ? null : time(report.mixpanelReadAt),
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
    problem: problem ? { code: problem.code, message: messageOf(problem) } : null,
  };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
