import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { fileDifferences, openSource, readCurrentsFile, storedTypes } from '@braze-mixpanel/currents-files';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { launchCurrent } from '@braze-mixpanel/sandbox/seed';
import { type Stack, sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { expect } from 'vitest';

/** An event as Mixpanel shows it. */
export interface Shown {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a Mixpanel has: rows as received, and events without duplicates. */
export interface Contents {
  readonly events: readonly Shown[];
  readonly raw: number;
  readonly unique: number;
}

interface Counts {
  readonly accepted: number;
  readonly imported: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly deadLettered: Readonly<Record<string, number>>;
}

/** A back-fill of the service that is done. */
export interface Backfilled {
  readonly report: {
    readonly files: { readonly read: number; readonly already: number };
    readonly events: { readonly accepted: number };
    readonly faults: { readonly count: number };
  };
  readonly delivery: Counts & { readonly pending: number };
}

/** Events of every type that Custom HTTP or files have in a catalogue version, as many of each. */
export function eventsOfEveryType(version: CatalogueVersion, each: number, time: number): CurrentsEvent[] {
  const random = seededRandom(14);
  const stored = storedTypes(version);
  return version.entries
    .filter(({ eventType }) => stored.has(eventType))
    .flatMap(entry =>
      Array.from({ length: each }, (_, index) =>
        sampleEvent(entry, { random, time: time - index, externalUserId: `user-${index}` }),
      ),
    );
}

/** Launches a storage Current. Resolves to its ID. */
export async function launchStorage({ braze }: Stack, definition: object): Promise<string> {
  const body = { kind: 'storage', launch: true, ...definition };
  const { id } = await call<{ id: string }>('POST', `${braze}/_sim/currents`, body);
  return id;
}

export const emit = ({ braze }: Stack, events: readonly CurrentsEvent[], more: object = {}) =>
  call<{ lost: unknown[] }>('POST', `${braze}/_sim/emit`, { events, ...more });

export const contentsOf = ({ mixpanel }: Stack) => call<Contents>('GET', `${mixpanel}/_sim/events`);

/** The counts of live events, once the service has settled this many. */
export async function settled({ service }: Stack, events: number): Promise<Counts> {
  const { connections } = await until(
    `the service to settle ${events} events`,
    () =>
      call<{ connections: { default: Counts & { pending: { events: number } } } }>(
        'GET',
        `${service}/status`,
      ),
    ({ connections: { default: each } }) => each.accepted >= events && each.pending.events === 0,
  );
  return connections.default;
}

/** Back-fills a folder, until its events are delivered. */
export async function backfill({ service }: Stack, source: string): Promise<Backfilled> {
  const token = sandboxKeys.adminToken;
  const { id } = await call<{ id: number }>('POST', `${service}/api/backfills`, { source }, { token });
  return until(
    `back-fill ${id}`,
    () => call<Backfilled & { state: string }>('GET', `${service}/api/backfills/${id}`, undefined, { token }),
    ({ state, delivery }) => state === 'done' && delivery.pending === 0,
  );
}

/** The events that can be read from the files of a folder, as often as they are there. */
export async function readableEvents(folder: string): Promise<CurrentsEvent[]> {
  const source = await openSource(folder);
  const found: (readonly CurrentsEvent[])[] = [];
  for await (const { path } of source.list())
    for await (const item of readCurrentsFile(source.file(path)))
      if (item.kind === 'events') found.push(item.events);
  return found.flat();
}

/** What makes an event the same event in Mixpanel. */
export const keyOf = ({ event, properties: { time, distinct_id, $insert_id } }: Shown) =>
  JSON.stringify([event, time, distinct_id, $insert_id]);

/**
 * Emits events of every type over Custom HTTP and to files, and back-fills the files into the same Mixpanel.
 * Each event is there twice, once from HTTP and once from a file, and is one event: none came from files alone.
 *
 * @param source of the files, as the service reaches it
 * @param inside address of the service, as Braze reaches it
 */
export async function expectOneEventEach(
  stack: Stack,
  version: CatalogueVersion,
  {
    source,
    inside = stack.service,
    ...format
  }: { source: string; inside?: string; codec: string; layout: string },
): Promise<void> {
  await launchCurrent({ ...stack, service: inside });
  await launchStorage(stack, { generation: version.id, ...format });
  const events = eventsOfEveryType(version, 2, Math.floor(Date.now() / 1_000) - 60);
  expect((await emit(stack, events)).lost).toEqual([]);
  const carried = events.filter(each => !version.byType.get(each.event_type)?.storageOnly);
  const live = await settled(stack, carried.length);
  const overHttp = await contentsOf(stack);
  const { report, delivery } = await backfill(stack, source);
  const both = await contentsOf(stack);

  expect(report).toMatchObject({ events: { accepted: events.length }, faults: { count: 0 } });
  expect([live.deadLettered, delivery.deadLettered]).toEqual([{}, {}]);
  expect(overHttp).toMatchObject({ raw: live.imported, unique: live.imported });
  expect(both.raw).toBe(live.imported + delivery.imported);
  expect(delivery.imported).toBe(live.imported);
  expect(both.unique).toBe(live.imported);
  expect(both.events.map(keyOf).sort()).toEqual(overHttp.events.map(keyOf).sort());
}

/** Names in Mixpanel of the properties that cannot be equal, by what the reader says about the type. */
export function unequalProperties({ eventType, properties }: CatalogueEntry): ReadonlySet<string> {
  const { missing = [], rounded = [], missingOfUser = [] } = fileDifferences(eventType) ?? {};
  const names: ReadonlySet<string> = new Set([...missing, ...rounded, ...missingOfUser]);
  return new Set(properties.filter(({ wire }) => names.has(wire)).map(({ mixpanel }) => mixpanel));
}
