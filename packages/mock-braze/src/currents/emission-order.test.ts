import { createRandom } from '@braze-mixpanel/simulator-kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMockBraze } from '../mock-braze.ts';
import { ordered } from './emission-order.ts';

const emitted = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ event: { id: index }, eventType: 'x', index }));

it('emission order neither loses nor invents events, with any duplicates and order', () => {
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.string(),
      (count, duplicates, disorder, seed) => {
        const events = emitted(count);
        const leaving = ordered(events, { duplicates, disorder }, createRandom(seed));
        expect(new Set(leaving)).toEqual(new Set(events));
        expect(leaving.length).toBeLessThanOrEqual(2 * count);
        if (duplicates === 0) expect(leaving.length).toBe(count);
        if (!disorder) expect([...leaving].sort((a, b) => a.index - b.index)).toEqual(leaving);
        expect(ordered(events, { duplicates, disorder }, createRandom(seed))).toEqual(leaving);
      },
    ),
  );
});

it('a Current sends duplicates and a random order if requested', async () => {
  const bodies: string[] = [];
  const braze = await createMockBraze({
    seed: 1,
    fetch: async (_, init) => {
      bodies.push(String(init?.body));
      return new Response('', { status: 200 });
    },
  });
  const call = async (path: string, body: unknown) => {
    const answer = await braze.simulator.dispatch({
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: {},
      readBody: async () => new TextEncoder().encode(JSON.stringify(body)),
    });
    return answer.kind === 'respond' ? answer.body : answer.kind;
  };
  await call('/_sim/currents', { endpoint: 'http://127.0.0.1:4000/currents', launch: true });
  const events = Array.from({ length: 50 }, (_, id) => ({
    event_type: 'users.messages.email.Send',
    id: `${id}`.padStart(2, '0'),
  }));
  expect(await call('/_sim/emit', { events, duplicates: 1, disorder: true })).toMatchObject({
    emitted: 50,
    duplicated: 50,
  });
  const ids = bodies.flatMap(body =>
    (JSON.parse(body) as { events: { id: string }[] }).events.map(({ id }) => id),
  );
  expect(ids.toSorted()).toEqual([...events, ...events].map(({ id }) => id).sort());
  expect(ids).not.toEqual(ids.toSorted());
  await braze.close();
});
