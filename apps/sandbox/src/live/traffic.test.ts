import { type CurrentsEvent, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { expect, it, vi } from 'vitest';
import { call } from '../control.ts';
import { startTraffic } from './traffic.ts';

it('Traffic gives each user every event type over its rounds, of three campaigns and three Canvases', async () => {
  const emitted: CurrentsEvent[] = [];
  const rounds = Array.from({ length: 8 }, () => Promise.withResolvers<void>());
  await using braze = await startMockBraze({
    onEmit: events => {
      emitted.push(...(events as CurrentsEvent[]));
      rounds.find(({ promise }) => !ended.has(promise))?.resolve();
    },
  });
  const ended = new Set<Promise<void>>();
  const users = ['ada', 'alan', 'grace', 'edsger'];
  for (const external_id of users) await call('POST', `${braze.url}/_sim/users`, { external_id });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const stack = { braze: braze.url, mixpanel: braze.url, service: braze.url };
    using _ = startTraffic(stack, catalogue2022_06);
    for (const { promise } of rounds) {
      await promise;
      ended.add(promise);
      vi.advanceTimersByTime(1_000);
    }
  } finally {
    vi.useRealTimers();
  }
  const usersOf = Map.groupBy(emitted, ({ event_type }) => event_type);
  for (const [type, events] of usersOf)
    expect(new Set(events.map(({ user }) => user?.external_user_id)), type).toEqual(new Set(users));
  const idsOf = (name: string) =>
    new Set(emitted.map(({ properties }) => properties[name]).filter(id => id !== undefined));
  expect([idsOf('campaign_id').size, idsOf('canvas_id').size]).toEqual([3, 3]);
});
