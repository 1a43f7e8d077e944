import { expect, it } from 'vitest';
import { coverageOf, coverageSchema } from './coverage.ts';
import { rulesBySource } from './rules-by-source.ts';
import { coverageTable } from './table.ts';

const rulesFrom = rulesBySource({
  pages: { from: 'the pages', seen: '2026' },
  threads: { from: 'the threads', seen: '2025', status: 'observed' },
  choice: { from: 'not documented', seen: '2026', status: 'chosen' },
});
const rules = [
  ...rulesFrom.pages('a page describes this', 'the vendor kept this'),
  ...rulesFrom.threads('a thread describes this'),
  ...rulesFrom.pages.against('threads', 'at most 3 levels'),
  ...rulesFrom.threads.against('pages', 'the vendor settled this'),
  ...rulesFrom.choice('the simulator decides this'),
];
const route = (path: string) => ({
  ...{ id: 'write', method: 'POST' as const, path, rules },
  handle: () => Promise.reject(new Error('never called')),
});
const parts = {
  ...{ name: 'mock', routes: [route('/a'), route('/b')], behaviours: [], notSimulated: [], control: [] },
  ...{ hits: new Map<string, number>(), lastTrue: {} },
};
const live = {
  'write: the vendor kept this': '2026-08-01',
  'write: the vendor settled this': '2026-08-02',
};

it('a rule has the status of its source, contradicted if another source differs, seen live if the vendor kept it', () => {
  const { routes } = coverageSchema.parse(coverageOf({ ...parts, lastTrue: live }));
  expect(routes[0]?.rules.map(({ rule, status, lastTrue }) => [rule, status, lastTrue])).toEqual([
    ['a page describes this', 'documented', undefined],
    ['the vendor kept this', 'seen live', '2026-08-01'],
    ['a thread describes this', 'observed', undefined],
    ['at most 3 levels', 'contradicted', undefined],
    ['the vendor settled this', 'seen live', '2026-08-02'],
    ['the simulator decides this', 'chosen', undefined],
  ]);
  expect(routes[0]?.rules[3]).toMatchObject({
    source: { from: 'the pages', seen: '2026' },
    contradictedBy: { from: 'the threads', seen: '2025' },
  });
});

it('the coverage lists and counts a rule of two paths once, and says how many met a real account', () => {
  const before = coverageOf(parts);
  expect(before.routes.map(({ id, endpoints, rules: { length } }) => [id, endpoints, length])).toEqual([
    ['write', ['POST /a', 'POST /b'], 6],
  ]);
  expect(before.statuses).toEqual({
    ...{ 'seen live': 0, documented: 2, observed: 1, contradicted: 2, chosen: 1 },
  });
  expect(before.notice).toBe('None of the 6 rules has met a real account of the vendor yet.');
  const after = coverageOf({ ...parts, lastTrue: live });
  expect(after.statuses).toMatchObject({ 'seen live': 2, contradicted: 1 });
  expect(after.notice).toBe('2 of the 6 rules were seen to hold for a real account of the vendor.');
});

it('the coverage counts a request at its own method and path, and at no other of the route', () => {
  const hits = new Map([['POST /a', 3]]);
  expect(coverageOf({ ...parts, hits }).routes[0]).toMatchObject({
    hits: 3,
    hitsByEndpoint: { 'POST /a': 3, 'POST /b': 0 },
  });
});

it('the coverage has the rules that only one of several paths of a route has', () => {
  const read = { ...route('/c'), rules: rulesFrom.threads('a thread describes this', 'only /c does this') };
  const { routes, statuses } = coverageOf({ ...parts, routes: [route('/a'), read] });
  expect(routes[0]?.rules.map(({ rule }) => rule)).toEqual([
    ...rules.map(({ rule }) => rule),
    'only /c does this',
  ]);
  expect(Object.values(statuses).reduce((sum, count) => sum + count)).toBe(7);
});

it('the table shows the status of each rule, its day if it was seen live, and both sources that differ', () => {
  const table = coverageTable(coverageOf({ ...parts, lastTrue: live }));
  expect(table).toContain('| the vendor kept this | seen live on 2026-08-01 | the pages | 2026 |');
  expect(table).toContain(
    '| at most 3 levels | contradicted | the pages (followed); the threads differs | 2026 |',
  );
  expect(table).toContain('| `write` | the simulator decides this |');
});
