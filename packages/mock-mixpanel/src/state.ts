import { checkControlInput, type StatePort, streamOfText } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from './mixpanel.ts';
import { settingsChangeSchema } from './project.ts';

const properties = z.record(z.string(), z.unknown());
const storedEvent = z.strictObject({ event: z.string(), properties });

/** All parts may be left out; what is left out is as at the start. */
const stateSchema = z.strictObject({
  settings: settingsChangeSchema.optional(),
  /** Users with a profile. */
  profiles: z.array(z.strictObject({ distinct_id: z.string().min(1), properties })).default([]),
  cohorts: z
    .array(
      z.strictObject({
        id: z.int().positive(),
        name: z.string(),
        description: z.string().default(''),
        createdAt: z.number(),
        members: z.array(z.string().min(1)),
      }),
    )
    .default([]),
  /** Events in the order of receipt, grouped by the moment of it (milliseconds since 1970). */
  batches: z.array(z.strictObject({ receivedAt: z.number(), events: z.array(storedEvent) })).default([]),
});

const hint = 'GET /_sim/state shows its shape; parts that are left out are as at the start.';

/**
 * `/_sim/state`: settings, users, cohorts and every imported event. Cohort syncs are not in it: they hold secrets of others.
 * It is written piece by piece, so its size is bounded by the client alone.
 */
export function statePort(model: MockMixpanelModel): StatePort {
  return {
    get: () => streamOfText(written(model)),
    put: value => {
      const {
        settings = {},
        batches,
        cohorts,
        profiles,
      } = checkControlInput(value, stateSchema, 'The state', hint);
      model.reset();
      model.change(settings);
      for (const { distinct_id, properties } of profiles) model.cohorts.setProfile(distinct_id, properties);
      for (const { id, createdAt, members, ...rest } of cohorts) {
        const named = members.map(distinctId => ({ distinctId, properties: undefined }));
        model.cohorts.put(id, { ...rest, members: named }, createdAt);
      }
      for (const { receivedAt, events } of batches) {
        const body = new TextEncoder().encode(JSON.stringify(events));
        model.events.append({ body, gzip: false, format: 'json' }, events, () => true, receivedAt);
      }
    },
    reset: () => model.reset(),
  };
}

async function* written(model: MockMixpanelModel): AsyncGenerator<string> {
  const profiles = model.cohorts.profiles();
  yield `{"settings":${JSON.stringify(model.settings)},"profiles":[`;
  yield* separated(profiles, ([distinct_id, properties]) => ({ distinct_id, properties }));
  yield '],"cohorts":[';
  yield* separated(model.cohorts.list(), cohort => ({ ...cohort, members: [...cohort.members] }));
  yield '],"batches":[';
  let separator = '';
  for await (const batch of model.events.readBatches()) {
    yield separator + JSON.stringify(batch);
    separator = ',';
  }
  yield ']}';
}

function* separated<Item>(items: Iterable<Item>, shape: (item: Item) => unknown): Generator<string> {
  let separator = '';
  for (const item of items) {
    yield separator + JSON.stringify(shape(item));
    separator = ',';
  }
}
