import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  catalogueVersions,
  customHttpEntries,
  type PropertyType,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { launchCurrent } from '@braze-mixpanel/sandbox/seed';
import { type Stack, sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oddEvents } from './odd-events.ts';

/** The three servers and a second Mixpanel, the target of Braze's own Mixpanel Export. */
export interface EventServers extends AsyncDisposable {
  readonly stack: Stack;
  readonly native: string;
  /** The addresses at which the servers reach one another. */
  readonly inside: { readonly stack: Stack; readonly native: string };
}

interface ConnectionCounts {
  accepted: number;
  imported: number;
  skipped: Record<string, number>;
  deadLettered: Record<string, number>;
  pending: { events: number };
}

const time = 1_700_000_000;

/**
 * The same events take two paths: through a Custom HTTP Current and the service to one Mixpanel, and through
 * Braze's own Mixpanel Export to another. Both must have the same events, and no others. Each catalogue
 * version has servers of its own.
 *
 * @param start starts the servers, in this process or in containers, with these settings of the service; they
 * are disposed after the tests
 */
export function describeEventTypes(
  start: (environment: Record<string, string>) => Promise<EventServers>,
): void {
  describe.each([...catalogueVersions.values()])('catalogue $id', catalogueVersion => {
    describeCatalogue(catalogueVersion, () => start({ CURRENTS_GENERATION: catalogueVersion.id }));
  });
}

function describeCatalogue(catalogueVersion: CatalogueVersion, start: () => Promise<EventServers>): void {
  const { id } = catalogueVersion;
  const entries = catalogueVersion.entries.filter(({ storageOnly }) => !storageOnly);
  const random = seededRandom(2022);
  const sampleOf = (entry: CatalogueEntry, externalUserId: string | null) => ({
    entry,
    event: sampleEvent(entry, { random, time, externalUserId, unlisted: true }),
  });
  const known = entries.map(entry => sampleOf(entry, 'user-1'));
  const arriving = known.filter(({ entry }) => !entry.noMixpanelEvent);
  const silent = known.filter(({ entry }) => entry.noMixpanelEvent);
  const anonymous = arriving.map(({ entry }) => sampleOf(entry, null));
  const odd = oddEvents(time, id);
  const emitted: readonly CurrentsEvent[] = [...anonymous, ...known, ...odd].map(({ event }) => event);
  const expected = arriving.length + odd.length;
  const servers = new AsyncDisposableStack();
  let started: EventServers;
  let counts: ConnectionCounts;
  let byService: ReadonlyMap<string, ImportEvent>;
  let byBraze: ReadonlyMap<string, ImportEvent>;

  beforeAll(async () => {
    started = servers.use(await start());
    const { stack, native, inside } = started;
    await launchCurrent({ ...stack, service: inside.stack.service });
    await launchExport(stack.braze, inside.native, id);
    await call('POST', `${stack.braze}/_sim/emit`, { events: emitted });
    counts = await settledCounts(stack.service, emitted.length);
    byService = await storedIn(stack.mixpanel, expected);
    byBraze = await storedIn(native, expected);
  });

  afterAll(() => servers.disposeAsync());

  describe.each(arriving)('$entry.eventType', ({ entry, event }) => {
    it('arrives once, with exactly the listed properties, names and types', () => {
      const stored = byService.get(event.id);
      expect(stored).toEqual({ event: nameOf(entry, event), properties: propertiesOf(entry, event) });
      for (const { mixpanel, type } of entry.properties) {
        expect(stored?.properties[mixpanel], mixpanel).toSatisfy(value => hasType(value, type));
      }
    });

    it("equals the event of Braze's own export", () => {
      expect(byBraze.get(event.id)).toBeDefined();
      expect(byService.get(event.id)).toEqual(byBraze.get(event.id));
    });
  });

  describe.each(odd)('$title', ({ event, expected }) => {
    it("arrives unchanged, and equals the event of Braze's own export", () => {
      expect(byService.get(event.id)).toEqual(expected);
      expect(byBraze.get(event.id)).toEqual(expected);
    });
  });

  it('users without an external id, and types without a Mixpanel event, are not sent to Mixpanel, but counted', () => {
    expect([...anonymous, ...silent].filter(({ event }) => byService.has(event.id))).toEqual([]);
    expect(counts.skipped).toEqual({
      no_external_user_id: anonymous.length,
      ...(silent.length > 0 && { no_mixpanel_event: silent.length }),
    });
  });

  it('both Mixpanels have these events and no others', () => {
    expect(byService.size).toBe(expected);
    expect([...byService.keys()].sort()).toEqual([...byBraze.keys()].sort());
    expect(counts).toMatchObject({ accepted: emitted.length, imported: expected, deadLettered: {} });
  });

  it('events that Braze generates, anonymous ones among them, are equal in both Mixpanels', async () => {
    const { stack, native } = started;
    const count = 2 * customHttpEntries(catalogueVersion).length;
    await call('POST', `${stack.braze}/_sim/users`, { generate: { count: 3 } });
    const generate = { count, generation: id, anonymous: 0.2, unlisted: true, seed: 1 };
    await call('POST', `${stack.braze}/_sim/emit`, { generate });
    const { accepted, imported, deadLettered } = await settledCounts(stack.service, emitted.length + count);
    expect({ accepted, deadLettered }).toEqual({ accepted: emitted.length + count, deadLettered: {} });
    expect(imported).toBeGreaterThan(expected);
    expect(imported).toBeLessThan(expected + count);
    expect(await storedIn(stack.mixpanel, imported)).toEqual(await storedIn(native, imported));
  });
}

/** The counts of the service, once it has settled this many events. */
async function settledCounts(service: string, events: number): Promise<ConnectionCounts> {
  const { connections } = await until(
    `the service to settle ${events} events`,
    () => call<{ connections: { default: ConnectionCounts } }>('GET', `${service}/status`),
    ({ connections: { default: each } }) => each.accepted >= events && each.pending.events === 0,
  );
  return connections.default;
}

async function launchExport(braze: string, apiUrl: string, generation: string): Promise<void> {
  await call('POST', `${braze}/_sim/currents`, {
    kind: 'mixpanel-export',
    name: 'Native',
    contactEmail: 'native@example.com',
    apiSecret: sandboxKeys.mixpanelSecret,
    token: sandboxKeys.mixpanelToken,
    apiUrl,
    events: 'all',
    generation,
    launch: true,
  });
}

/** The events of a Mixpanel by `$insert_id`, once all expected ones are there. A duplicate is an error. */
async function storedIn(mixpanel: string, expected: number): Promise<ReadonlyMap<string, ImportEvent>> {
  const { events } = await until(
    `${expected} events in ${mixpanel}`,
    () => call<{ events: ImportEvent[] }>('GET', `${mixpanel}/_sim/events`),
    answer => answer.events.length >= expected,
  );
  const stored = new Map(events.map(event => [event.properties.$insert_id, event]));
  expect(stored.size, 'different $insert_ids').toBe(events.length);
  return stored;
}

function nameOf({ name, naming }: CatalogueEntry, event: CurrentsEvent): string {
  return naming ? `${naming.prefix}${event.properties[naming.wire]}` : name;
}

function propertiesOf({ properties, free }: CatalogueEntry, event: CurrentsEvent) {
  const listed = properties.map(({ wire, mixpanel, source }) => {
    const sent: Readonly<Record<string, unknown>> = source ? { ...event[source] } : event.properties;
    return [mixpanel, sent[wire]] as const;
  });
  const own = free
    ? Object.entries(event.properties[free.wire] as object).map(
        ([key, value]) => [`${free.prefix}${key}`, value] as const,
      )
    : [];
  return {
    time: event.time,
    distinct_id: event.user.external_user_id,
    $insert_id: event.id,
    $partner_id: 'braze',
    ...Object.fromEntries([...listed, ...own]),
  };
}

function hasType(value: unknown, type: PropertyType): boolean {
  if (type === 'int') return Number.isInteger(value);
  if (type === 'string[]') return Array.isArray(value) && value.every(each => typeof each === 'string');
  return typeof value === (type === 'float' ? 'number' : type);
}
