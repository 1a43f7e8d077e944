import { generation2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { launchCurrent } from '@braze-mixpanel/sandbox/seed';
import { sandboxKeys, startStack } from '@braze-mixpanel/sandbox/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The same events go two ways: through a Custom HTTP Current and the service to one Mixpanel, and through Braze's own
 * Mixpanel Export to another. Both must hold the same events.
 */
const servers = new AsyncDisposableStack();
const random = seededRandom(2022);
const emitted = generation2022_06.entries.map(entry => ({
  entry,
  event: sampleEvent(entry, { random, time: 1_700_000_000, externalUserId: 'user-1' }),
}));
const storedByService = new Map<string, ImportEvent>();
const storedByBraze = new Map<string, ImportEvent>();

beforeAll(async () => {
  const stack = servers.use(await startStack());
  const native = servers.use(await startMockMixpanel({ port: 0 }));
  await launchCurrent(stack);
  await call('POST', `${stack.braze}/_sim/currents`, {
    kind: 'mixpanel-export',
    name: 'Native',
    contactEmail: 'native@example.com',
    apiSecret: sandboxKeys.mixpanelSecret,
    token: sandboxKeys.mixpanelToken,
    apiUrl: native.url,
    events: 'all',
    launch: true,
  });
  await call('POST', `${stack.braze}/_sim/emit`, { events: emitted.map(({ event }) => event) });
  for (const [url, stored] of [
    [stack.mixpanel, storedByService],
    [native.url, storedByBraze],
  ] as const) {
    const { events } = await until(
      `${emitted.length} events in ${url}`,
      () => call<{ events: ImportEvent[] }>('GET', `${url}/_sim/events`),
      answer => answer.events.length >= emitted.length,
    );
    for (const event of events) stored.set(event.properties.$insert_id, event);
  }
});

afterAll(() => servers.disposeAsync());

describe.each(emitted)('$entry.eventType', ({ entry, event }) => {
  it('arrives once, with exactly the listed properties under the listed names', () => {
    const stored = storedByService.get(event.id);
    const listed = entry.properties.map(({ mixpanel }) => mixpanel);
    const free = entry.free
      ? Object.keys(event.properties[entry.free.wire] as object).map(key => `${entry.free!.prefix}${key}`)
      : [];
    expect(Object.keys(stored?.properties ?? {}).sort()).toEqual(
      ['time', 'distinct_id', '$insert_id', '$partner_id', ...listed, ...free].sort(),
    );
    expect(stored?.event).toBe(
      entry.naming ? `${entry.naming.prefix}${event.properties[entry.naming.wire]}` : entry.name,
    );
    for (const { wire, mixpanel } of entry.properties) {
      expect(stored?.properties[mixpanel]).toEqual(event.properties[wire]);
    }
  });

  it('equals what Braze itself would have sent', () => {
    expect(storedByService.get(event.id)).toEqual(storedByBraze.get(event.id));
    expect(storedByBraze.get(event.id)).toBeDefined();
  });
});
