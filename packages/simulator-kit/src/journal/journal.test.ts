import { describe, expect, it } from 'vitest';
import { createRequestJournal, type Observation } from './journal.ts';

const observed = (more: Partial<Observation> = {}): Observation => ({
  at: 0,
  method: 'POST',
  path: '/import',
  query: new URLSearchParams(),
  headers: {},
  route: 'import',
  status: 200,
  rule: null,
  durationMs: 1,
  body: new Uint8Array(),
  ...more,
});
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the request journal', () => {
  it('remembers the last requests only, but counts all', () => {
    const journal = createRequestJournal(3);
    for (let count = 0; count < 5; count++) journal.record(observed());
    expect(journal.list({ limit: 10 }).map(({ sequence }) => sequence)).toEqual([5, 4, 3]);
    expect(journal.hits.get('import')).toBe(5);
  });

  it.each([
    ['the authorization header', { headers: { authorization: 'Basic SECRET' } }],
    ['an API key in the query', { query: new URLSearchParams('api_key=SECRET&strict=1') }],
    [
      'keys in a JSON body',
      { body: bytes('{"partner_api_key":"SECRET","client_secret" : "SE\\"SECRET","cohort_id":"1"}') },
    ],
    [
      'a key at which the excerpt ends',
      { body: bytes(`{"pad":"${'x'.repeat(2_010)}","client_secret":"SECRET…SECRET"}`) },
    ],
    ['a form field', { body: bytes('project=1&api_key=SECRET&data=SECRET') }],
  ])('keeps no secret: %s', (_, observation) => {
    const journal = createRequestJournal();
    journal.record(observed(observation));
    const [entry] = journal.list({ limit: 1 });
    const text = JSON.stringify(entry);
    expect(text).not.toContain('SEC');
    expect(decodeURIComponent(text)).toContain('[cut]');
  });

  it('keeps the beginning of a readable body, and nothing of a compressed one', () => {
    const journal = createRequestJournal();
    journal.record(observed({ body: bytes('{"cohort_id":"1"}') }));
    journal.record(observed({ body: bytes('binary'), headers: { 'content-encoding': 'gzip' } }));
    expect(journal.list({ limit: 2 }).map(({ body, bodyBytes }) => [body, bodyBytes])).toEqual([
      [null, 6],
      ['{"cohort_id":"1"}', 17],
    ]);
  });
});
