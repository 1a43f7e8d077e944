import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LookupTableWorld, rested, tablesOf } from '../../src/testing/lookup-table-world.ts';

const hour = 3_600_000;
const oldRows = { old: { name: 'Old' } };

describe('the lookup tables, while Mixpanel does not confirm a replacement,', () => {
  let world: LookupTableWorld;
  beforeEach(async () => {
    world = await LookupTableWorld.begin();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it.each<[string, Record<string, string>, { status: number } | undefined, string]>([
    [
      'does not exist',
      { LOOKUP_TABLE_CAMPAIGNS: '00000000-0000-4000-8000-000000000000' },
      undefined,
      'Mixpanel has no lookup table 00000000-0000-4000-8000-000000000000 in the project 12345.',
    ],
    ['may not be written', {}, { status: 403 }, 'Mixpanel rejected the service account (403'],
    [
      'was replaced a hundred times today',
      {},
      { status: 429 },
      "Mixpanel's limit of 100 replacements a day is used up.",
    ],
    ['is too large for Mixpanel', {}, { status: 413 }, 'Mixpanel accepts 104,857,600 bytes in a table'],
    ['gets an error', {}, { status: 500 }, 'Mixpanel returned 500'],
  ])('are written besides one that %s', async (_, environment, failing, problem) => {
    await world.campaigns('c1');
    if (failing) await world.failMixpanel(failing);
    await using service = await world.serve(environment);
    expect(await rested(service)).toMatchObject({
      ...{ problem: expect.stringContaining(problem), lastSuccess: null },
      run: { tables: { campaigns: { outcome: 'kept' }, messageVariations: { outcome: 'written' } } },
    });
    expect(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).toEqual(oldRows);
    expect(Object.keys(await world.rows('LOOKUP_TABLE_MESSAGE_VARIATIONS'))).toEqual(['c1-a']);
  });

  it('are written again after a lost answer, which proves nothing', async () => {
    await world.campaigns('c1');
    const body = { route: 'lookup-table-replace', kind: 'lost-answer', times: 1 } as const;
    await world.mixpanel.request('POST faults', { body });
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({
      problem: expect.stringMatching(/^Mixpanel did not answer, so the table was replaced or not/),
    });
    await world.advance(hour);
    expect(await tablesOf(service)).toMatchObject({
      problem: null,
      run: { tables: { campaigns: { outcome: 'written' } } },
    });
  });

  it('are written again after a lost answer, although Braze has again what was confirmed before', async () => {
    await world.campaigns('c1');
    await using service = await world.serve();
    await rested(service);
    await world.rename('c1', 'Mistake');
    const body = { route: 'lookup-table-replace', kind: 'lost-answer', times: 1 } as const;
    await world.mixpanel.request('POST faults', { body });
    await world.advance(hour);
    expect(await world.namesOf()).toEqual({ c1: 'Mistake' });
    await world.rename('c1', 'Name of c1');
    await world.advance(hour);
    expect(await world.namesOf()).toEqual({ c1: 'Name of c1' });
  });

  it('are written again after a stop in the middle of a replacement, although Braze has again what was confirmed before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tables-'));
    const storage = { STORAGE_URL: `sqlite:${join(folder, 'service.db')}` };
    const { promise: replaced, resolve } = Promise.withResolvers<void>();
    let isStopping = false;
    /** Once it is stopping, Mixpanel replaces a table and the answer never comes. */
    const send: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (!isStopping || init?.method !== 'PUT') return answer;
      resolve();
      return new Promise((_, reject) =>
        init.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    };
    try {
      await world.campaigns('c1');
      const first = await world.serve(storage, { fetch: send });
      await rested(first);
      isStopping = true;
      await world.rename('c1', 'Mistake');
      const advanced = world.advance(hour);
      await replaced;
      await first.service.close();
      await advanced;
      expect(await world.namesOf()).toEqual({ c1: 'Mistake' });
      await world.rename('c1', 'Name of c1');
      await using second = await world.serve(storage);
      expect(await rested(second, 3)).toMatchObject({ problem: null });
      expect(await world.namesOf()).toEqual({ c1: 'Name of c1' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
