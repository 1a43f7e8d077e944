import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import type { CohortService } from './cohort-service.ts';
import type { DryRun } from './syncs/dry-run.ts';
import { type RunJson, reportJson, type SyncJson, syncJson } from './syncs/sync-json.ts';

/** Milliseconds in which another replica takes over from one that died, and answers. */
const timeoutMs = 20_000;
/** `/status` shows what storage holds where no replica answers in this time. */
const listTimeoutMs = 3_000;
/** A dry run reads the cohort first, and a search for one user reads every snapshot. */
const longTimeoutMs = 120_000;

const id = z.string();
const source = z.enum(['webhook', 'query']);
const entry = z.object({
  id,
  mode: z.enum(['one-time', 'dynamic']),
  source: source.optional(),
  sink: z.enum(['partner', 'track']).optional(),
  intervalMs: z.number().optional(),
});
const limit = z.number().int();
/** Documents that this API only carries: they are objects, and have the fields that others rely on. */
const sync = z.custom<SyncJson>(value => hasText(value, 'id') && hasText(value, 'status'));
const run = z.custom<RunJson>(value => hasText(value, 'outcome'));
const dryRun = z.custom<DryRun>(isObject);
const page = z.custom<CohortWebhookPage>(value => hasText(value, 'action'));
const forgotten = z.custom<Awaited<ReturnType<CohortService['forget']>>>(isObject);
const memberships = z.custom<Awaited<ReturnType<CohortService['trace']>>>(Array.isArray);
const nothing = z
  .null()
  .or(z.undefined())
  .transform(() => undefined);

/**
 * The cohort API: every verb with its arguments, its result and the time that a caller on another replica waits for it. The type of the API
 * and the calls between replicas follow from this table. Arguments and results survive JSON. Failures are `CohortError`; `CohortService`
 * describes what each verb does.
 */
export const cohortVerbs = {
  list: verb(z.tuple([]), z.array(sync), listTimeoutMs),
  find: verb(z.tuple([id]), sync),
  create: verb(z.tuple([id, entry, z.object({ start: z.boolean() })]), sync),
  pause: verb(z.tuple([id]), sync),
  resume: verb(z.tuple([id]), sync),
  run: verb(z.tuple([id]), sync),
  confirm: verb(z.tuple([id]), sync),
  setSource: verb(z.tuple([id, source]), sync),
  remove: verb(z.tuple([id]), nothing),
  discard: verb(z.tuple([id]), nothing),
  dryRun: verb(z.tuple([id, z.boolean()]), dryRun, longTimeoutMs),
  history: verb(z.tuple([id, z.object({ before: z.number().optional(), limit })]), z.array(run)),
  unmatched: verb(z.tuple([id, z.object({ after: z.string().optional(), limit })]), z.array(z.string())),
  forget: verb(z.tuple([id]), forgotten, longTimeoutMs),
  trace: verb(z.tuple([id]), memberships, longTimeoutMs),
  /** Resolves when the page is on disk. */
  receive: verb(z.tuple([id, page]), nothing),
};

export type CohortVerb = keyof typeof cohortVerbs;

/** The cohort syncs, wherever they run: in this process or in the replica that leads. */
export type CohortApi = {
  readonly [Verb in CohortVerb]: (
    ...args: z.output<(typeof cohortVerbs)[Verb]['args']>
  ) => Promise<z.output<(typeof cohortVerbs)[Verb]['result']>>;
};

export function cohortApiOf(cohorts: CohortService): CohortApi {
  return {
    list: async () => [...cohorts.list().map(syncJson), ...cohorts.damaged()],
    find: async id => syncJson(cohorts.find(id)),
    create: async (connection, entry, options) => syncJson(await cohorts.create(connection, entry, options)),
    pause: async id => syncJson(await cohorts.pause(id)),
    resume: async id => syncJson(await cohorts.resume(id)),
    run: async id => syncJson(cohorts.run(id)),
    confirm: async id => syncJson(await cohorts.confirm(id)),
    setSource: async (id, source) => syncJson(await cohorts.setSource(id, source)),
    remove: async id => void (await cohorts.remove(id)),
    discard: async key => void (await cohorts.discard(key)),
    dryRun: async (id, resend) => cohorts.dryRun(id, resend),
    history: async (id, { before, limit }) => (await cohorts.history(id, { before, limit })).map(reportJson),
    unmatched: (id, { after, limit }) => cohorts.unmatched(id, { after, limit }),
    forget: externalId => cohorts.forget(externalId),
    trace: externalId => cohorts.trace(externalId),
    receive: async (connection, page) => void (await cohorts.receive(connection, page)),
  };
}

function verb<Args extends z.ZodTuple, Result extends z.ZodType>(
  args: Args,
  result: Result,
  waitsMs = timeoutMs,
) {
  return { args, result, timeoutMs: waitsMs };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const hasText = (value: unknown, key: string): boolean => isObject(value) && typeof value[key] === 'string';
