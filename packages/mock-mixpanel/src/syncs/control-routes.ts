import {
  ControlInputError,
  controlRoutes,
  documented,
  durationOf,
  errorSchema,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from '../model.ts';
import { type CohortSync, syncRunSchema } from './cohort-sync.ts';
import { recurringLimit } from './cohort-syncs.ts';
import { defaultInterval, destinationSchema } from './destination.ts';

const interval = z
  .union([z.number(), z.string()])
  .transform(value => (typeof value === 'number' ? value : durationOf(value)))
  .refine(milliseconds => milliseconds >= 1_000, 'must be a duration of a second or more, such as "2h"');

const syncSchema = z.strictObject({
  cohort: z.coerce.number().int().positive(),
  mode: z.enum(['one-time', 'dynamic']).default('dynamic'),
  /** The default depends on the destination. */
  interval: interval.optional(),
  destination: z.discriminatedUnion('type', [
    ...destinationSchema.options,
    /** A destination that `POST /_sim/destinations` connected. */
    z.strictObject({ type: z.literal('connected'), id: z.string().min(1) }),
  ]),
});

const shownSchema = z.object({
  id: z.string(),
  cohort: z.int(),
  mode: z.enum(['one-time', 'dynamic']),
  interval: z.number(),
  state: z.string(),
  reason: z.string().nullable(),
  destination: z.record(z.string(), z.string()),
  /** ID of the connected destination; `null` for an address of its own. */
  connectedTo: z.string().nullable(),
  nextRunAt: z.string().nullable(),
  snapshot: z.object({ at: z.string(), members: z.int() }).nullable(),
  history: z.array(syncRunSchema.unwrap().extend({ startedAt: z.string() })),
});
const ranSchema = shownSchema.extend({ run: syncRunSchema });
const refusedSchema = shownSchema.extend({ error: z.string() });

const example = {
  cohort: 12345,
  mode: 'dynamic',
  interval: '30m',
  destination: {
    type: 'webhook',
    url: 'http://127.0.0.1:4000/webhooks/mixpanel/default',
    username: 'user',
    password: 'pass',
  },
};

/** The routes `/_sim/syncs`: the cohort syncs that a user sets up under "Integrations" in Mixpanel. */
export function syncControlRoutes({ syncs, cohorts, destinations }: MockMixpanelModel) {
  const addressed = (given: z.output<typeof syncSchema>['destination']) => {
    if (given.type !== 'connected') return { destination: given };
    const connected = destinations.get(given.id);
    if (connected !== undefined) return { destination: connected.settings, connectedTo: given.id };
    throw new ControlInputError(
      `There is no destination ${given.id}. POST /_sim/destinations connects one, GET /_sim/destinations lists them.`,
      [{ field: 'destination.id', message: 'must be a connected destination' }],
    );
  };
  const shown = (sync: CohortSync) => describeSync(sync, syncs.nextRunAt(sync.settings.id));
  const withSync = withItem('sync', 'syncs', id => syncs.get(id));
  return controlRoutes({
    'GET syncs': documented('The cohort syncs.', { 200: z.array(shownSchema) }, () =>
      respond(200, syncs.list().map(shown)),
    ),
    'POST syncs': documented(
      'Creates a cohort sync.',
      { 201: shownSchema, 409: errorSchema },
      withBody(syncSchema, example, ({ cohort, mode, interval, ...given }) => {
        if (cohorts.get(cohort) === undefined)
          throw new ControlInputError(
            `There is no cohort ${cohort} to sync. PUT /_sim/cohorts/${cohort} creates one.`,
          );
        const { destination, ...belongs } = addressed(given.destination);
        const sync = syncs.create({
          cohortId: cohort,
          interval: interval ?? defaultInterval[destination.type],
          ...{ mode, destination, ...belongs },
        });
        if (sync !== undefined) return respond(201, shown(sync));
        return respond(409, {
          error: `The project already has the maximum of ${recurringLimit} recurring syncs. DELETE one first.`,
        });
      }),
    ),
    'GET syncs/:id': documented(
      'One cohort sync, with its latest runs.',
      { 200: shownSchema },
      withSync(sync => respond(200, shown(sync))),
    ),
    'POST syncs/:id/run': documented(
      'Runs a sync now.',
      { 200: ranSchema, 409: refusedSchema },
      withSync(async sync => {
        const run = await syncs.run(sync);
        if (run !== undefined) return respond(200, { ...shown(sync), run });
        const error = `${sync.settings.id} can't run now: it is ${sync.state}${because(sync)}.`;
        return respond(409, { error, ...shown(sync) });
      }),
    ),
    'POST syncs/:id/pause': documented(
      'Pauses a sync.',
      { 200: shownSchema },
      withSync(sync => {
        syncs.pause(sync);
        return respond(200, shown(sync));
      }),
    ),
    'POST syncs/:id/start': documented(
      'Starts a paused sync.',
      { 200: shownSchema, 409: refusedSchema },
      withSync(sync => {
        if (syncs.start(sync)) return respond(200, shown(sync));
        const error = `${sync.settings.id} is not paused: it is ${sync.state}.`;
        return respond(409, { error, ...shown(sync) });
      }),
    ),
    'DELETE syncs/:id': documented(
      'Deletes a sync.',
      { 200: z.object({ status: z.literal('deleted') }) },
      withSync(sync => {
        syncs.remove(sync.settings.id);
        return respond(200, { status: 'deleted' });
      }),
    ),
  });
}

function because({ reason }: CohortSync): string {
  return reason === null ? '' : ` (${reason})`;
}

function describeSync(sync: CohortSync, nextRunAt: number | null) {
  const { id, cohortId, mode, interval, destination, connectedTo } = sync.settings;
  const snapshot = sync.snapshot();
  return {
    id,
    cohort: cohortId,
    mode,
    interval,
    state: sync.state,
    reason: sync.reason,
    destination: withoutSecrets(destination),
    connectedTo: connectedTo ?? null,
    nextRunAt: nextRunAt === null ? null : new Date(nextRunAt).toISOString(),
    snapshot:
      snapshot === undefined ? null : { at: new Date(snapshot.at).toISOString(), members: snapshot.size },
    history: sync.history.map(run => ({ ...run, startedAt: new Date(run.startedAt).toISOString() })),
  };
}

function withoutSecrets(destination: z.output<typeof destinationSchema>): Record<string, string> {
  const secret = new Set(['dataImportKey', 'partnerApiKey', 'password']);
  return Object.fromEntries(
    Object.entries(destination).map(([name, value]) => [
      name,
      secret.has(name) && value !== '' ? '[cut]' : value,
    ]),
  );
}
