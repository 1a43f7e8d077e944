import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Instrumentation, RequestJournal } from './journal.ts';
import { patternSchema, type RequestPattern } from './pattern.ts';
import { verify } from './verify.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const events = [
  { event: 'Email Send', properties: { distinct_id: 'ada', time: 1 } },
  { event: 'Email Open', properties: { distinct_id: 'grace', time: 2 } },
];

function journalOf(...observations: Partial<Instrumentation>[]) {
  const journal = new RequestJournal();
  for (const observation of observations)
    journal.record({
      at: 0,
      method: 'POST',
      path: '/import',
      query: new URLSearchParams('strict=1'),
      headers: { 'content-type': 'application/json', authorization: 'Basic SECRET' },
      route: 'import',
      status: 200,
      rule: null,
      faults: [],
      durationMs: 1,
      body: bytes(events),
      ...observation,
    });
  return journal;
}
const verified = (journal: ReturnType<typeof journalOf>, pattern: RequestPattern) =>
  verify(journal, patternSchema.parse(pattern));

describe('a pattern', () => {
  it.each<[RequestPattern]>([
    [{}],
    [{ route: 'import', method: 'POST', path: '/import', status: 200, verdict: 'accepted' }],
    [{ path: '/imp*' }],
    [{ method: 'post' }],
    [{ query: { strict: '1' }, headers: { 'Content-Type': 'application/json' } }],
    [{ body: [{ event: 'Email Open' }] }],
    [{ body: [{ properties: { distinct_id: 'grace' } }, { event: 'Email Send' }] }],
    [{ body: 'grace' }],
    [{ count: 1 }],
    [{ route: 'export', count: 0 }],
    [{ count: { min: 1, max: 2 } }],
  ])('matches a request that has all of it: %j', pattern => {
    expect(verified(journalOf({}), pattern)).toMatchObject({ verified: true });
  });

  it('matches a compressed body', () => {
    const journal = journalOf({ body: gzipSync(bytes(events)), headers: { 'content-encoding': 'gzip' } });
    expect(verified(journal, { body: [{ event: 'Email Send' }] }).verified).toBe(true);
  });

  it.each<[RequestPattern, string]>([
    [{ status: 400 }, 'status: expected 400, was 200'],
    [{ query: { strict: '0' } }, 'query strict: expected "0", was "1"'],
    [{ headers: { accept: 'text/plain' } }, 'header accept: expected "text/plain", was nothing'],
    [
      { body: [{ event: 'Email Open', properties: { distinct_id: 'ada' } }] },
      'body[0].event: expected "Email Open", was "Email Send"',
    ],
    [{ body: { events: [] } }, 'body: expected an object, was [{'],
    [{ body: 'donald' }, 'body: expected to contain "donald"'],
  ])('that no request matches names the nearest one: %j', (pattern, difference) => {
    const { verified: ok, message, nearest } = verified(journalOf({}), pattern);
    expect([ok, nearest?.request.sequence]).toEqual([false, 1]);
    expect(message).toContain(difference);
  });

  it('names the request with the fewest differences, and the rule that gave its answer', () => {
    const journal = journalOf(
      { status: 503, rule: 'fault: status 503' },
      { path: '/track', route: 'track', status: 401, rule: 'credentials' },
    );
    expect(verified(journal, { route: 'import', status: 200 }).message).toBe(
      'Expected at least 1 request of this kind, found 0 among 2. The nearest is number 1, POST /import, answered 503 (fault: status 503): status: expected 200, was 503.',
    );
  });

  it('that too many requests match names how many', () => {
    expect(verified(journalOf({}, {}, {}), { count: 2 })).toEqual({
      verified: false,
      count: 3,
      message: 'Expected exactly 2 requests of this kind, found 3 among 3.',
    });
  });

  it('is compared without secrets, and its message has none', () => {
    const verification = verified(journalOf({}), { headers: { authorization: 'Basic x' } });
    expect(JSON.stringify(verification)).not.toContain('SECRET');
  });
});
