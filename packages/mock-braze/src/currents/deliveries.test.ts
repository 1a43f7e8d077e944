import { expect, it } from 'vitest';
import { Deliveries } from './deliveries.ts';

const sent = (id: string, size = 0) => ({
  ...{ current: 'current-1', eventType: 'users.canvas.Entry', events: 1, at: 0 },
  request: {
    url: 'http://service.example/currents',
    headers: { Authorization: 'Bearer hunter2', 'Content-Type': 'application/json' },
    body: `{"events":[{"id":${JSON.stringify(id)},"text":"${'x'.repeat(size)}"}]}`,
  },
  answer: { status: 200, body: '{}' },
});

it('a sent request is kept without its credentials, and found by the ID of an event', () => {
  const deliveries = new Deliveries();
  for (const id of ['a', 'quo"ted', 'b']) deliveries.add(sent(id));
  expect(deliveries.list().map(({ number }) => number)).toEqual([3, 2, 1]);
  expect(deliveries.list('quo"ted').map(({ number }) => number)).toEqual([2]);
  expect(deliveries.list('none')).toEqual([]);
  expect(deliveries.get(1)?.request.headers).toEqual({
    Authorization: 'Bearer [cut]',
    'Content-Type': 'application/json',
  });
});

it('the newest requests are kept up to 8 million characters', () => {
  const deliveries = new Deliveries();
  for (const id of ['a', 'b', 'c']) deliveries.add(sent(id, 3_000_000));
  expect(deliveries.list().map(({ number }) => number)).toEqual([3, 2]);
  deliveries.clear();
  expect(deliveries.list()).toEqual([]);
});
