import { lexiconEntrySchema } from '@braze-mixpanel/core/mixpanel';
import {
  checkControlInput,
  isRecord,
  jsonItems,
  listOf,
  type StatePort,
  streamOfText,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { cohortRuleSchema, writtenRule } from './cohorts/cohort-rule.ts';
import { deletionStatuses } from './deletions/deletion-tasks.ts';
import type { StoredEvent } from './events/stored-event.ts';
import { isIdentityEvent } from './identity/identity-events.ts';
import { mergeUsers } from './identity/merge-users.ts';
import { dropFilterSchema } from './lexicon/drop-filters.ts';
import { lookupTableState } from './lookup-tables/input.ts';
import { textOf } from './lookup-tables/lookup-table-store.ts';
import type { MockMixpanelModel } from './model.ts';
import { momentSchema } from './moment.ts';
import { groupIdOf, groupOf } from './profiles/group-id.ts';
import { settingsSchema } from './settings.ts';

/** Not a record of zod, which drops a property named `__proto__`. */
const properties = z.custom<Record<string, unknown>>(isRecord, 'must be an object');
const storedEvent = z.strictObject({ event: z.string(), properties }).refine(hasTime, {
  path: ['properties', 'time'],
  error: 'must be seconds or milliseconds since 1970',
});

function hasTime({ event, properties: { time } }: StoredEvent): boolean {
  if (time === undefined) return isIdentityEvent(event);
  return Number(time) >= 0 && momentSchema.safeParse(Number(time)).success;
}

/** An event with a time: an identity event of a state may have none, and then has that of its receipt. */
function timed({ event, properties }: StoredEvent, receivedAt: number): StoredEvent {
  return { event, properties: { time: Math.floor(receivedAt / 1_000), ...properties } };
}

/** The schema of the state. Omitted parts get their initial values. */
const stateSchema = z.strictObject({
  settings: settingsSchema.optional(),
  /** Merged distinct IDs, with the `canonical` one of each. */
  identities: z
    .array(z.strictObject({ distinct_id: z.string().min(1), canonical: z.string().min(1) }))
    .default([]),
  /** Profiles of groups, by key and ID. */
  groups: z
    .array(z.strictObject({ group_key: z.string().min(1), group_id: z.string().min(1), properties }))
    .default([]),
  /** Users with a profile. */
  profiles: listOf(z.strictObject({ distinct_id: z.string().min(1), properties })).default([]),
  cohorts: z
    .array(
      z.strictObject({
        id: z.int().positive(),
        name: z.string(),
        description: z.string().default(''),
        createdAt: momentSchema,
        members: listOf(z.string().min(1)).default([]),
        /** Instead of members. */
        rule: cohortRuleSchema.optional(),
      }),
    )
    .default([]),
  /** Entries of the data dictionary. */
  schemas: listOf(lexiconEntrySchema).default([]),
  dropFilters: z.array(dropFilterSchema.extend({ dropped: z.int().min(0).default(0) })).default([]),
  deletions: z
    .array(
      z.strictObject({
        id: z.guid(),
        distinctIds: z.array(z.string().min(1)),
        complianceType: z.enum(['GDPR', 'CCPA']),
        requestedAt: momentSchema,
        doneAt: momentSchema,
        status: z.enum(deletionStatuses),
      }),
    )
    .default([]),
  lookupTables: z.array(lookupTableState).default([]),
  /** Events in order of receipt, grouped by its time (milliseconds since 1970). */
  batches: z.array(z.strictObject({ receivedAt: momentSchema, events: listOf(storedEvent) })).default([]),
});

const hint = 'GET /_sim/state shows its shape; omitted parts get their initial values.';

/**
 * The state for `/_sim/state`: settings, users, cohorts, the data dictionary and every imported event. Cohort syncs are excluded,
 * since they contain secrets of other systems. It is written in chunks, so its size is limited by the client
 * only.
 */
export function statePort(model: MockMixpanelModel): StatePort {
  return {
    get: () => streamOfText(written(model)),
    put: async value => {
      const { settings = {}, ...state } = checkControlInput(value, stateSchema, 'The state', hint);
      const {
        batches,
        cohorts,
        deletions,
        dropFilters,
        groups,
        identities,
        lookupTables,
        profiles,
        schemas,
      } = state;
      model.reset();
      model.change(settings);
      for (const { distinct_id, canonical } of identities)
        model.identities.join({ from: distinct_id, to: canonical });
      for (const { csv, ...table } of lookupTables) model.lookupTables.put({ ...table, ...csv });
      for (const { distinct_id, properties } of profiles) model.profiles.set(distinct_id, properties);
      for (const { group_key, group_id, properties } of groups)
        model.groups.set(groupIdOf(group_key, group_id), properties);
      for (const { id, createdAt, members, rule, ...rest } of cohorts) {
        const named = members.map(distinctId => ({ distinctId, properties: undefined }));
        if (rule === undefined) model.cohorts.put(id, { ...rest, members: named }, createdAt);
        else await model.rules.put(id, rest, rule, createdAt);
      }
      for (const { receivedAt, events } of batches) {
        if (model.settings.idManagement === 'original') for (const event of events) mergeUsers(event, model);
        const restored = events.map(each =>
          each.properties.time === undefined ? timed(each, receivedAt) : each,
        );
        model.events.restore(restored, receivedAt);
      }
      for (const entry of schemas) model.schemas.put(entry);
      for (const { dropped, ...filter } of dropFilters) model.dropFilters.add(filter, dropped);
      for (const task of deletions) model.deletions.put(task);
    },
    reset: () => model.reset(),
  };
}

async function* written(model: MockMixpanelModel): AsyncGenerator<string> {
  yield `{"settings":${JSON.stringify(model.settings)},"identities":${JSON.stringify(model.identities.list())},"groups":[`;
  yield* jsonItems(model.groups.entries().map(([id, properties]) => ({ ...groupOf(id), properties })));
  yield '],"profiles":[';
  yield* jsonItems(
    model.profiles.entries().map(([distinct_id, properties]) => ({ distinct_id, properties })),
  );
  yield '],"cohorts":[';
  yield* jsonItems(
    model.cohorts.list().map(({ rule, members, ...cohort }) => ({
      ...cohort,
      ...(rule === undefined ? { members: [...members] } : { rule: writtenRule(rule) }),
    })),
  );
  yield '],"schemas":[';
  yield* jsonItems(model.schemas.list().values());
  const filters = model.dropFilters.list().map(({ id: _, ...filter }) => filter);
  yield `],"dropFilters":${JSON.stringify(filters)},"deletions":${JSON.stringify(model.deletions.list())}`;
  yield ',"lookupTables":[';
  let separator = '';
  for (const table of model.lookupTables.list()) {
    const { id, name, properties, replacedAt } = table;
    yield separator + JSON.stringify({ id, name, properties, replacedAt, csv: await textOf(table) });
    separator = ',';
  }
  yield '],"batches":[';
  separator = '';
  for await (const batch of model.events.readBatches()) {
    yield separator + JSON.stringify(batch);
    separator = ',';
  }
  yield ']}';
}
