import {
  ControlInputError,
  controlRoutes,
  documented,
  jsonText,
  respond,
  type SimRequest,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { flagOf } from '../control-input.ts';
import type { LookupTableStore } from '../lookup-tables/lookup-table-store.ts';
import type { MockMixpanelModel } from '../model.ts';
import type { EventStore } from './event-store.ts';
import type { StoredEvent } from './stored-event.ts';

const columns = z.record(z.string(), z.unknown());
const counts = { raw: z.int(), unique: z.int() };

/**
 * The routes `/_sim/events`. `GET /_sim/events` → `{"events":[{event,properties}…],"raw":n,"unique":n}`: the
 * imported events, without duplicates. `?event=` and `?distinct_id=` filter events, `?fields=a,b` selects
 * properties, `?newest=100` returns at most 100 events, newest first, and `?joined=true` adds to each event the row of
 * every lookup table that one of its properties is mapped to. `raw` and `unique` always count the whole store.
 * `GET /_sim/events/count` returns only the two numbers. `DELETE /_sim/events?keep=1000` drops the oldest events, those
 * of whole requests, as long as 1,000 rows or more remain: `{"dropped":n,"raw":n,"unique":n}`.
 */
export function eventControlRoutes({ events, lookupTables }: MockMixpanelModel) {
  return controlRoutes({
    'GET events': documented(
      'The imported events, without duplicates.',
      {
        200: z.object({
          events: z.array(
            z.object({
              ...{ event: z.string(), properties: columns },
              /** The columns of lookup tables, by the mapped property. */
              lookup: z.record(z.string(), columns).optional(),
            }),
          ),
          ...counts,
        }),
      },
      {
        query: ['event', 'distinct_id', 'insert_id', 'fields', 'newest', 'joined'],
        handle: async request => {
          const newest = newestOf(request);
          const join = flagOf(request, 'joined', false)
            ? joining(await lookupTables.byProperty())
            : undefined;
          return jsonText(written(events, request, newest, join));
        },
      },
    ),
    'DELETE events': documented(
      'Drops the oldest events, those of whole requests, as long as `keep` rows or more remain.',
      { 200: z.object({ dropped: z.int(), ...counts }) },
      {
        query: ['keep'],
        handle: async ({ path, query }) => {
          const keep = query.get('keep') ?? '';
          if (!/^\d{1,9}$/.test(keep))
            throw new ControlInputError(
              `"keep" must be the number of events to keep, not "${keep}". For example: ${path}?keep=1000`,
            );
          const dropped = await events.dropOldest(Number(keep));
          return respond(200, { dropped, raw: events.raw, unique: events.unique });
        },
      },
    ),
    'GET events/count': documented(
      'The numbers of stored rows and of unique events.',
      { 200: z.object(counts) },
      () => respond(200, { raw: events.raw, unique: events.unique }),
    ),
  });
}

function newestOf({ path, query }: SimRequest): number | undefined {
  const newest = query.get('newest');
  if (newest === null) return undefined;
  if (/^[1-9]\d{0,6}$/.test(newest)) return Number(newest);
  throw new ControlInputError(
    `"newest" must be a number of events, not "${newest}". For example: ${path}?newest=100`,
  );
}

async function* written(
  events: EventStore,
  { query }: SimRequest,
  newest: number | undefined,
  join: (event: StoredEvent) => object = () => ({}),
): AsyncGenerator<string> {
  const { raw, unique } = events;
  const name = query.get('event') ?? undefined;
  const distinctId = query.get('distinct_id') ?? undefined;
  const insertId = query.get('insert_id') ?? undefined;
  const narrow = narrowing(query.get('fields'));
  const wanted = ({ event, properties }: StoredEvent) =>
    (name === undefined || event === name) &&
    (distinctId === undefined || properties.distinct_id === distinctId) &&
    (insertId === undefined || properties.$insert_id === insertId);
  yield '{"events":[';
  let separator = '';
  let room = newest ?? Number.POSITIVE_INFINITY;
  const names = name === undefined ? undefined : [name];
  for await (const batch of events.readUnique(names, newest === undefined ? 'as received' : 'newest first')) {
    const chosen = batch.filter(wanted).slice(0, room);
    room -= chosen.length;
    if (chosen.length > 0)
      yield separator + chosen.map(event => JSON.stringify({ ...narrow(event), ...join(event) })).join(',');
    if (chosen.length > 0) separator = ',';
    if (room === 0) break;
  }
  yield `],"raw":${raw},"unique":${unique}}`;
}

function narrowing(fields: string | null): (event: StoredEvent) => StoredEvent {
  if (fields === null) return event => event;
  const names = fields.split(',');
  return ({ event, properties }) => ({
    event,
    properties: Object.fromEntries(
      names.filter(name => Object.hasOwn(properties, name)).map(name => [name, properties[name]]),
    ),
  });
}

/** The rows of lookup tables for an event, by the mapped property; nothing where there is none. */
function joining(tables: Awaited<ReturnType<LookupTableStore['byProperty']>>) {
  return ({ properties }: StoredEvent) => {
    const found = [...tables].flatMap(([property, rows]) => {
      const row = Object.hasOwn(properties, property) ? rows.get(String(properties[property])) : undefined;
      return row === undefined ? [] : [[property, row] as const];
    });
    return found.length === 0 ? {} : { lookup: Object.fromEntries(found) };
  };
}
