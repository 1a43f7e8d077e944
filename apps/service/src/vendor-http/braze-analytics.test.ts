import { expect, it } from 'vitest';
import { z } from 'zod';
import { Secret } from '../secrets/secret.ts';
import { AnalyticsBudget, analyticsClient, NotRead } from './braze-analytics.ts';

type Answer = (() => Response) | 'lost';

const works: Answer = () => Response.json({ size: 7 });
const fails =
  (headers: Record<string, string> = {}, status = 503): Answer =>
  () =>
    new Response('{}', { status, headers });

/** What a read comes to where Braze answers so, one answer for each request, and the waits between them. */
async function readFrom(
  answers: readonly Answer[],
  {
    share = 1,
    stopAtWait = false,
    withRetries = true,
    path = '/purchases/quantity_series' as `/${string}`,
  } = {},
) {
  const waits: number[] = [];
  const left = [...answers];
  const stop = new AbortController();
  const read = analyticsClient({
    restUrl: 'http://braze.test',
    key: new Secret('braze-rest-key'),
    vendor: {
      fetch: async () => {
        const next = left.shift();
        if (next === undefined) throw new Error('one request too many');
        if (next === 'lost') throw new TypeError('connection reset');
        return next();
      },
      now: () => 0,
    },
    withoutSecrets: text => text,
    budget: new AnalyticsBudget(share),
    stop: stop.signal,
    ...(withRetries && {
      retries: {
        policy: { retryBaseMs: 2_000, retryMaxMs: 60_000 },
        random: () => 0,
        wait: async ms => {
          waits.push(ms);
          if (stopAtWait) stop.abort();
        },
      },
    }),
  });
  const outcome = await read(path, {}, z.object({ size: z.number() })).catch((error: unknown) => error);
  return { outcome, waits, requests: answers.length - left.length };
}

it.each<[string, readonly Answer[], readonly number[]]>([
  ['an error', [fails()], [3_000]],
  ['a lost connection', ['lost'], [3_000]],
  ['two failures', [fails({}, 500), 'lost'], [3_000, 5_000]],
  ['an error that asks for 20 s', [fails({ 'retry-after': '20' })], [20_000]],
])('A read succeeds after %s, after the wait that is due', async (_, failures, waits) => {
  expect(await readFrom([...failures, works])).toMatchObject({ outcome: { size: 7 }, waits });
});

it('A read fails after three failures, with the last one as the reason', async () => {
  const { outcome, requests } = await readFrom([fails(), 'lost', fails({}, 502), works]);
  expect(outcome).toMatchObject({
    isTransient: true,
    message: expect.stringContaining('Braze returned 502'),
  });
  expect(requests).toBe(3);
});

it.each<[string, Answer]>([
  ['a limit', fails({ 'retry-after': '1' }, 429)],
  ['a rejected key', fails({}, 401)],
  ['a key without the permission', fails({}, 403)],
  ['an unknown campaign', fails({}, 404)],
  ['an answer of another shape', () => Response.json({})],
  ['an error that asks for a wait of over a minute', fails({ 'retry-after': '61' })],
])('A read is not tried again after %s', async (_, answer) => {
  const { outcome, waits, requests } = await readFrom([answer, works]);
  expect(outcome).toBeInstanceOf(NotRead);
  expect({ waits, requests }).toEqual({ waits: [], requests: 1 });
});

it('A further try counts against the hourly share, and is not made once that is used up', async () => {
  const { outcome, requests } = await readFrom([fails(), works], { share: 0.001 });
  expect(outcome).toMatchObject({
    message: expect.stringContaining('are used up. Try again from 1970-01-01 01:00 UTC on.'),
    retryAt: 3_600_000,
  });
  expect(requests).toBe(1);
});

it('A read is not tried again once the service stops', async () => {
  const { outcome, requests } = await readFrom([fails(), works], { stopAtWait: true });
  expect(outcome).toBeInstanceOf(NotRead);
  expect(requests).toBe(1);
});

it('A client without retries makes one request', async () => {
  const { outcome, requests } = await readFrom([fails(), works], { withRetries: false });
  expect(outcome).toMatchObject({ isTransient: true });
  expect(requests).toBe(1);
});

it.each([
  [
    'an unknown key',
    401,
    'it does not know this key. Check the key, and that BRAZE_REST_URL is the instance of your dashboard.',
  ],
  ['a key without the permission', 403, 'it needs the permission purchases.quantity_series.'],
])('A read names %s', async (_, status, reason) => {
  expect((await readFrom([fails({}, status)])).outcome).toMatchObject({
    message: `Braze rejected BRAZE_ANALYTICS_KEY for /purchases/quantity_series: ${reason}`,
  });
});

it.each<[string, Record<string, string>, string]>([
  ['the time that Braze asks for', { 'retry-after': '3600' }, '1970-01-01 01:00 UTC'],
  ['the end of a minute that it asks for a part of', { 'retry-after': '61' }, '1970-01-01 00:02 UTC'],
  ['ten minutes, where it names no time', {}, '1970-01-01 00:10 UTC'],
])('A limit that is used up names when to try again: %s', async (_, headers, time) => {
  const { outcome } = await readFrom([fails(headers, 429)]);
  expect(outcome).toMatchObject({
    message: `Braze's limit of requests for /purchases/quantity_series is used up. Try again from ${time} on.`,
  });
});

it('A list that did not complete without errors is not read, with what Braze says of it', async () => {
  const list = { path: '/campaigns/list' } as const;
  const says = (message: string) => () => Response.json({ size: 7, message });
  expect(await readFrom([says('success')], list)).toMatchObject({ outcome: { size: 7 } });
  const { outcome } = await readFrom([says('Some campaigns are missing')], list);
  expect(outcome).toBeInstanceOf(NotRead);
  expect(outcome).toMatchObject({
    ...{ isUnknown: false, isTransient: false },
    message:
      'Braze did not list everything for /campaigns/list, so what is missing there is not known: Some campaigns are missing.',
  });
});
