import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { lexiconEntries } from '@braze-mixpanel/core/lexicon';
import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LexiconReport, pushLexicon } from '../../src/lexicon/push-lexicon.ts';
import { schemasClient } from '../../src/lexicon/schemas-client.ts';
import { readSettings } from '../../src/testing/read-settings.ts';

let mixpanel: RunningMockMixpanel;
beforeEach(async () => {
  const clock = createClock({ start: Date.UTC(2026, 6, 1), frozen: true });
  mixpanel = await startMockMixpanel({
    clock,
    settings: { rateLimits: ['schemaRequests', 'schemaUpdates'] },
  });
});
afterEach(() => mixpanel.close());

/** One run of the command; its waits advance the simulated clock. */
async function push(more: Record<string, string> = {}, send = fetch) {
  const [connection] = readSettings({
    ...{ CURRENTS_TOKEN: 'currents-token', CURRENTS_GENERATION: '2026-07', MIXPANEL_QUERY_URL: mixpanel.url },
    ...{ MIXPANEL_SERVICE_ACCOUNT: 'service-account', MIXPANEL_SERVICE_SECRET: 'service-secret' },
    ...{ MIXPANEL_PROJECT_ID: '12345', ...more },
  }).connections;
  const { clock } = mixpanel;
  const waits: { milliseconds: number; reason: string }[] = [];
  const progress: string[] = [];
  const client = schemasClient({
    mixpanel: connection!.mixpanel,
    vendor: { fetch: send, timeoutMs: 5_000, now: () => clock.now() },
    policy: { retryBaseMs: 2_000, retryMaxMs: 60_000 },
    random: () => 0.5,
    monotonic: () => clock.now(),
    wait: async (milliseconds, reason) => {
      waits.push({ milliseconds, reason });
      await clock.advance(milliseconds);
    },
  });
  const report = await pushLexicon({
    ...{ connection: connection!, client, dryRun: false, onProgress: each => progress.push(each) },
  });
  return { report, waits, progress };
}

const names = lexiconEntries({ catalogueVersion: catalogue2026_07 }).map(({ name }) => name);
const sizes = ({ outcome }: LexiconReport) =>
  outcome && Object.fromEntries(Object.entries(outcome).map(([part, list]) => [part, list.length]));
const none = { written: 0, unchanged: 0, kept: 0, keptProperties: 0, left: 0 };
const fail = (fault: Parameters<ReturnType<typeof mockMixpanelClient>['faults']['add']>[0]) =>
  mockMixpanelClient(mixpanel.url).faults.add(fault);
const stored = () => mixpanel.model.schemas.list('event');
const change = (name: string, description: string) => {
  const [entry] = mixpanel.model.schemas.list('event', name);
  mixpanel.model.schemas.put({ ...entry!, schemaJson: { ...entry!.schemaJson, description } });
};

describe('a push to Lexicon', () => {
  it('writes every event of the catalogue within the limits, and shows its progress', async () => {
    const { report, progress, waits } = await push();
    expect(sizes(report)).toEqual({ ...none, written: names.length });
    expect(stored().map(({ name }) => name)).toEqual(names);
    expect(progress[0]).toBe('Reading Lexicon.');
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.at(-1)).toBe(`Wrote ${names.length} of ${names.length} entries.`);
    expect(waits).toEqual([]);
  });

  it('writes nothing the second time', async () => {
    await push();
    await mixpanel.clock.advance(60_000);
    const { report } = await push();
    expect(sizes(report)).toEqual({ ...none, unchanged: names.length });
    const uploads = await mockMixpanelClient(mixpanel.url).requests({ route: 'schemas-upload' });
    await mixpanel.clock.advance(60_000);
    await push();
    expect(await mockMixpanelClient(mixpanel.url).requests({ route: 'schemas-upload' })).toEqual(uploads);
  });

  it('keeps an entry that a person changed, and writes the others of a newer catalogue', async () => {
    await push({ CURRENTS_GENERATION: '2022-06' });
    change('Email Open', 'In our words.');
    await mixpanel.clock.advance(60_000);
    const { report } = await push();
    expect(report.outcome?.kept).toEqual(['Email Open']);
    expect(report.outcome?.written).toContain('Email Send');
    expect(mixpanel.model.schemas.list('event', 'Email Open')[0]?.schemaJson.description).toBe(
      'In our words.',
    );
  });

  it('waits for the minute that other programs have used up', async () => {
    const headers = { authorization: `Basic ${btoa('service-account:service-secret')}` };
    for (let count = 0; count < 5; count++)
      await fetch(`${mixpanel.url}/api/app/projects/12345/schemas`, { headers });
    const { report, waits } = await push();
    expect(waits[0]).toEqual({ milliseconds: 60_000, reason: 'Too many requests to Lexicon.' });
    expect(sizes(report)).toEqual({ ...none, written: names.length });
  });

  it('waits as long as Retry-After says', async () => {
    await fail({
      ...{ route: 'schemas', kind: 'status', status: 429, times: 1 },
      headers: { 'retry-after': '7' },
    });
    const { report, waits } = await push();
    expect(waits[0]?.milliseconds).toBe(7_000);
    expect(report.error).toBeUndefined();
  });

  it('ends if Mixpanel asks to wait for long, and writes nothing into a Lexicon that it could not read', async () => {
    await fail({ ...{ route: 'schemas', kind: 'status', status: 429 }, headers: { 'retry-after': '3000' } });
    const { report, waits } = await push();
    const message = expect.stringContaining('a wait of 50 min');
    expect(report).toMatchObject({ error: { code: 'lexicon_throttled', message } });
    expect(report).not.toHaveProperty('outcome');
    expect([waits, stored()]).toEqual([[], []]);
  });

  it('ends after the third refusal', async () => {
    await fail({ route: 'schemas', kind: 'status', status: 429 });
    const { report, waits } = await push();
    expect(report.error?.code).toBe('lexicon_throttled');
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([60_000, 60_000]);
  });

  it('updates fewer than 4,000 events and properties by any five uploads', async () => {
    const updates: number[] = [];
    await push({ CURRENTS_SEND_UNLISTED: 'true' }, (url, init) => {
      const { entries = [] } = JSON.parse(String(init?.body ?? '{}')) as { entries?: LexiconEntry[] };
      const sizes = entries.map(each => 1 + Object.keys(each.schemaJson.properties ?? {}).length);
      updates.push(sizes.reduce((sum, size) => sum + size, 0));
      return fetch(url, init);
    });
    expect(updates.length).toBeGreaterThan(2);
    expect(Math.max(...updates) * 5).toBeLessThan(4_000);
  });

  it('does not read a list without the documented status as an empty Lexicon', async () => {
    const { report } = await push({}, async () => Response.json({ results: [], error: 'partial' }));
    expect(report.error?.code).toBe('lexicon_failed');
    expect(report).not.toHaveProperty('outcome');
  });

  it('sends an upload again whose answer was lost', async () => {
    await fail({ route: 'schemas-upload', kind: 'lost-answer', times: 1 });
    const { report } = await push();
    expect(sizes(report)).toEqual({ ...none, written: names.length });
  });

  it.each([
    [200, '<html>', 'lexicon_failed'],
    [503, '', 'lexicon_failed'],
    [403, '{"error":"Forbidden","status":"error"}', 'lexicon_credentials_refused'],
    [402, '{"error":"Your plan does not allow API calls."}', 'lexicon_not_in_plan'],
    [400, '{"error":"entries.0","status":"error"}', 'lexicon_refused'],
  ])(
    'that ends after its first entries with %i %j reports them, and a second one writes the rest',
    async (status, body, code) => {
      let uploads = 0;
      const { report } = await push({}, async (url, init) =>
        init?.method === 'POST' && ++uploads > 1 ? new Response(body, { status }) : fetch(url, init),
      );
      expect(report.error).toEqual({
        code,
        message: expect.stringContaining('It is safe to run the command again'),
      });
      const { written, left } = report.outcome!;
      expect(written.length).toBeGreaterThan(0);
      expect([...written, ...left]).toEqual(names);
      expect(stored().map(({ name }) => name)).toEqual(written);
      await mixpanel.clock.advance(60_000);
      const second = await push();
      expect(second.report.outcome).toMatchObject({ unchanged: written, written: left, left: [] });
    },
  );
});
