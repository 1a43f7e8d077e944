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

it('what each address accepted is counted, also of requests that are not kept any more', () => {
  const deliveries = new Deliveries();
  const url = 'http://service.example/currents';
  const other = { ...sent('e'), request: { ...sent('e').request, url: 'http://other.example/' } };
  for (const each of [sent('a', 5_000_000), sent('b', 5_000_000), { ...sent('c'), events: 40 }, other])
    deliveries.add(each);
  deliveries.add({ ...sent('refused'), answer: { status: 401, body: '' } });
  deliveries.add({ ...sent('lost'), answer: { error: 'no answer' } });
  expect(deliveries.accepted()).toEqual([
    { url, requests: 3, events: 42 },
    { url: 'http://other.example/', requests: 1, events: 1 },
  ]);
});

it('the newest requests are kept up to 8 million characters', () => {
  const deliveries = new Deliveries();
  for (const id of ['a', 'b', 'c']) deliveries.add(sent(id, 3_000_000));
  expect(deliveries.list().map(({ number }) => number)).toEqual([3, 2]);
  deliveries.clear();
  expect(deliveries.list()).toEqual([]);
  expect(deliveries.accepted()).toEqual([]);
});
