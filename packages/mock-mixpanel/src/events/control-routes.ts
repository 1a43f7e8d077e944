import {
  controlRoute,
  type Route,
  respond,
  type SimRequest,
  streamOfText,
} from '@braze-mixpanel/simulator-kit';
import type { EventStore } from './event-store.ts';
import type { StoredEvent } from './stored-event.ts';

/**
 * `GET /_sim/events` → `{"events":[{event,properties}…],"raw":n,"unique":n}`: what was imported, without duplicates and
 * complete. `?event=` and `?distinct_id=` leave events out, `?fields=a,b` properties; `raw` and `unique` always count the
 * whole store. `GET /_sim/events/count` gives the two numbers alone.
 */
export function eventControlRoutes(events: EventStore): Route[] {
  return [
    controlRoute(
      'GET',
      'events',
      request =>
        respond(200, streamOfText(written(events, request)), {
          headers: { 'content-type': 'application/json' },
        }),
      ['event', 'distinct_id', 'fields'],
    ),
    controlRoute('GET', 'events/count', () => respond(200, { raw: events.raw, unique: events.unique })),
  ];
}

async function* written(events: EventStore, { query }: SimRequest): AsyncGenerator<string> {
  const { raw, unique } = events;
  const name = query.get('event') ?? undefined;
  const distinctId = query.get('distinct_id') ?? undefined;
  const narrow = narrowing(query.get('fields'));
  const wanted = ({ event, properties }: StoredEvent) =>
    (name === undefined || event === name) &&
    (distinctId === undefined || properties.distinct_id === distinctId);
  yield '{"events":[';
  let separator = '';
  for await (const batch of events.readUnique(name === undefined ? undefined : [name])) {
    const chosen = batch.filter(wanted);
    if (chosen.length === 0) continue;
    yield separator + chosen.map(event => JSON.stringify(narrow(event))).join(',');
    separator = ',';
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
