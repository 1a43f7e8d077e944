import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Instrumentation, type JournalFilter, RequestJournal } from './journal.ts';

const observed = (more: Partial<Instrumentation> = {}): Instrumentation => ({
  at: 0,
  method: 'POST',
  path: '/import',
  query: new URLSearchParams(),
  headers: {},
  route: 'import',
  status: 200,
  rule: null,
  faults: [],
  durationMs: 1,
  body: new Uint8Array(),
  ...more,
});
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the request journal', () => {
  it('keeps the latest requests only, but counts all', () => {
    const journal = new RequestJournal(3);
    for (let count = 0; count < 5; count++) journal.record(observed(), 'POST /import');
    expect(journal.list({ limit: 10 }).map(({ sequence }) => sequence)).toEqual([5, 4, 3]);
    expect(journal.hits.get('POST /import')).toBe(5);
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
  ])('redacts secrets: %s', (_, observation) => {
    const journal = new RequestJournal();
    journal.record(observed(observation));
    const [entry] = journal.list({ limit: 1 });
    const text = JSON.stringify(entry);
    expect(text).not.toContain('SEC');
    expect(decodeURIComponent(text)).toContain('[cut]');
  });

  it('shows the beginning of a body in lists and the complete body of one request, even if it was compressed', () => {
    const journal = new RequestJournal();
    const long = `{"note":"${'x'.repeat(5_000)}"}`;
    journal.record(observed({ body: bytes(long) }));
    journal.record(observed({ body: gzipSync(long), headers: { 'content-encoding': 'gzip' } }));
    journal.record(observed({ body: bytes('binary'), headers: { 'content-encoding': 'gzip' } }));
    expect(journal.list({ limit: 3 }).map(({ body }) => body?.length)).toEqual([undefined, 2_049, 2_049]);
    expect([1, 2, 3, 4].map(sequence => journal.get(sequence)?.body)).toEqual([long, long, null, undefined]);
  });

  it('finds no request by a secret in its body', () => {
    const journal = new RequestJournal();
    journal.record(observed({ body: bytes('{"client_secret":"hidden","cohort_id":"visible"}') }));
    expect(journal.count({ contains: 'visible' })).toBe(1);
    expect(journal.count({ contains: 'hidden' })).toBe(0);
    expect(journal.count({ contains: '[cut]' })).toBe(0);
  });

  it('shows the answer of one request, without secrets, and none that the client did not get', () => {
    const journal = new RequestJournal();
    const headers = { 'content-type': 'application/json', 'set-cookie': 'SECRET' };
    journal.record(
      observed({ answer: { status: 200, headers, body: bytes('{"code":200,"token":"SECRET"}') } }),
    );
    journal.record(observed({ status: 'hang' }));
    journal.record(observed({ answer: { status: 200, headers: {}, body: new ReadableStream() } }));
    journal.record(observed({ answer: { status: 204, headers: {}, body: bytes('') } }));
    const answers = [1, 2, 3, 4].map(sequence => journal.get(sequence)?.answer);
    expect(answers).toEqual([
      {
        headers: { 'content-type': 'application/json', 'set-cookie': '[cut]' },
        bodyBytes: 29,
        body: '{"code":200,"token":"[cut]"}',
      },
      null,
      { headers: {}, bodyBytes: null, body: null },
      { headers: {}, bodyBytes: 0, body: null },
    ]);
    expect(JSON.stringify(journal.list({ limit: 4 }))).not.toContain('answer');
  });

  it('keeps the first 64 KB of an answer, and drops answers with the bodies of their requests', () => {
    const journal = new RequestJournal(3);
    const long = bytes('x'.repeat(100_000));
    journal.record(observed({ answer: { status: 200, headers: {}, body: long } }));
    expect(journal.get(1)?.answer).toMatchObject({ bodyBytes: 100_000, body: 'x'.repeat(64 * 1_024) });
    const megabyte = new Uint8Array(1024 * 1024).fill(120);
    const large = new RequestJournal();
    for (let count = 0; count < 33; count++)
      large.record(
        observed({ body: megabyte, answer: { status: 200, headers: {}, body: bytes('answered') } }),
      );
    expect(large.get(1)).toMatchObject({ body: null, answer: { bodyBytes: 8, body: null } });
    expect(large.get(33)).toMatchObject({ answer: { body: 'answered' } });
  });

  it('gives a request back as it was received, unless a part of its body is gone', () => {
    const journal = new RequestJournal();
    const headers = { authorization: 'Basic c2VjcmV0' };
    journal.record(observed({ headers, body: bytes('[]') }));
    journal.record(observed({ body: new Uint8Array(1024 * 1024 + 1) }));
    expect(journal.received(1)).toMatchObject({
      method: 'POST',
      path: '/import',
      headers,
      body: bytes('[]'),
    });
    expect(journal.received(2)).toBeUndefined();
    expect(journal.received(3)).toBeUndefined();
  });

  it('keeps at most a megabyte per body, and the newest bodies up to the total limit', () => {
    const journal = new RequestJournal();
    const huge = new Uint8Array(3_000_000).fill(120);
    for (let count = 0; count < 40; count++) journal.record(observed({ body: huge }));
    const lengths = Array.from({ length: 40 }, (_, index) => journal.get(index + 1)?.body?.length ?? 0);
    expect([lengths.at(-1), lengths.filter(length => length > 0).length]).toEqual([1_048_576, 32]);
    expect(journal.get(1)).toMatchObject({ bodyBytes: 3_000_000, body: null });
  });

  it('filters and counts requests', () => {
    const journal = new RequestJournal();
    journal.record(observed({ body: bytes('{"user":"ada"}') }));
    journal.record(observed({ path: '/track', route: 'track', method: 'GET', status: 401, rule: 'key' }));
    journal.record(observed({ status: 'reset', rule: 'fault: reset' }));
    const sequences = (filter: JournalFilter) =>
      journal.list({ ...filter, limit: 10 }).map(({ sequence }) => sequence);
    expect(sequences({ verdict: 'refused' })).toEqual([2]);
    expect(sequences({ verdict: 'reset' })).toEqual([3]);
    expect(sequences({ path: '/im*' })).toEqual([3, 1]);
    expect(sequences({ method: 'get', rule: 'key' })).toEqual([2]);
    expect(sequences({ contains: 'ada' })).toEqual([1]);
    expect(sequences({ after: 1 })).toEqual([3, 2]);
    expect(journal.count({ route: 'import' })).toBe(2);
  });
});
