import {
  type CatalogueEntry,
  type CurrentsEvent,
  catalogue2022_06,
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

interface ServiceCounts {
  connections: {
    default: {
      accepted: number;
      imported: number;
      skipped: Record<string, number>;
      deadLettered: Record<string, number>;
      pending: { events: number };
    };
  };
}

const time = 1_700_000_000;
const random = seededRandom(2022);
const sampleOf = (entry: CatalogueEntry, externalUserId: string | null) => ({
  entry,
  event: sampleEvent(entry, { random, time, externalUserId }),
});
const known = catalogue2022_06.entries.map(entry => sampleOf(entry, 'user-1'));
const anonymous = catalogue2022_06.entries.map(entry => sampleOf(entry, null));
const odd = oddEvents(time);
const emitted: readonly CurrentsEvent[] = [...anonymous, ...known, ...odd].map(({ event }) => event);
const arriving = known.length + odd.length;

/**
 * The same events take two paths: through a Custom HTTP Current and the service to one Mixpanel, and through
 * Braze's own Mixpanel Export to another. Both must have the same events, and no others.
 *
 * @param start starts the servers, in this process or in containers; they are disposed after the tests
 */
export function describeEventTypes(start: () => Promise<EventServers>): void {
  const servers = new AsyncDisposableStack();
  let counts: ServiceCounts['connections']['default'];
  let byService: ReadonlyMap<string, ImportEvent>;
  let byBraze: ReadonlyMap<string, ImportEvent>;

  beforeAll(async () => {
    const { stack, native, inside } = servers.use(await start());
    await launchCurrent({ ...stack, service: inside.stack.service });
    await launchExport(stack.braze, inside.native);
    await call('POST', `${stack.braze}/_sim/emit`, { events: emitted });
    const settled = await until(
      `the service to settle ${emitted.length} events`,
      () => call<ServiceCounts>('GET', `${stack.service}/status`),
      ({ connections: { default: each } }) => each.accepted >= emitted.length && each.pending.events === 0,
    );
    counts = settled.connections.default;
    byService = await storedIn(stack.mixpanel);
    byBraze = await storedIn(native);
  });

  afterAll(() => servers.disposeAsync());

  describe.each(known)('$entry.eventType', ({ entry, event }) => {
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

  it('users without an external id are not sent to Mixpanel, but counted', () => {
    expect(anonymous.filter(({ event }) => byService.has(event.id))).toEqual([]);
    expect(counts.skipped).toEqual({ no_external_user_id: anonymous.length });
  });

  it('both Mixpanels have these events and no others', () => {
    expect(byService.size).toBe(arriving);
    expect([...byService.keys()].sort()).toEqual([...byBraze.keys()].sort());
    expect(counts).toMatchObject({ accepted: emitted.length, imported: arriving, deadLettered: {} });
  });
}

async function launchExport(braze: string, apiUrl: string): Promise<void> {
  await call('POST', `${braze}/_sim/currents`, {
    kind: 'mixpanel-export',
    name: 'Native',
    contactEmail: 'native@example.com',
    apiSecret: sandboxKeys.mixpanelSecret,
    token: sandboxKeys.mixpanelToken,
    apiUrl,
    events: 'all',
    launch: true,
  });
}

/** The events of a Mixpanel by `$insert_id`, once all expected ones are there. A duplicate is an error. */
async function storedIn(mixpanel: string): Promise<ReadonlyMap<string, ImportEvent>> {
  const { events } = await until(
    `${arriving} events in ${mixpanel}`,
    () => call<{ events: ImportEvent[] }>('GET', `${mixpanel}/_sim/events`),
    answer => answer.events.length >= arriving,
  );
  const stored = new Map(events.map(event => [event.properties.$insert_id, event]));
  expect(stored.size, 'different $insert_ids').toBe(events.length);
  return stored;
}

function nameOf({ name, naming }: CatalogueEntry, event: CurrentsEvent): string {
  return naming ? `${naming.prefix}${event.properties[naming.wire]}` : name;
}

function propertiesOf({ properties, free }: CatalogueEntry, event: CurrentsEvent) {
  const listed = properties.map(({ wire, mixpanel }) => [mixpanel, event.properties[wire]] as const);
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
  return typeof value === (type === 'float' ? 'number' : type);
}
