import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../testing/lookup-entries.ts';
import type { Entry } from './entry.ts';
import { tableContent } from './table-content.ts';
import { tableNames, type tables } from './tables.ts';

const campaign = entryOf({
  ...{ id: 'c1', name: 'Spring, "sale"', tags: ['spring', 'a,b'], channels: ['email'], variations: ['A'] },
  ...{ firstSent: '2026-01-01T09:00:00Z', lastSent: '2026-01-02T10:00:00Z' },
  messages: { v1: { name: 'A', channel: 'email' } },
});
const canvas = entryOf({
  ...{ kind: 'canvas', id: 'k1', name: 'Journey', channels: ['ios_push'], variations: ['Path A'] },
  messages: { v2: { name: 'Day 1', channel: 'ios_push' } },
  steps: { s1: { name: 'Day 1', channels: ['ios_push'], variations: ['Day 1'] } },
});
const linesOf = async (table: keyof typeof tables) =>
  (await tableContent(table, [canvas, campaign])).csv.split('\n');

describe('the content of a lookup table', () => {
  it('has a row for each campaign, Canvas, message variation or Canvas step', async () => {
    const rest = 'name,tags,channel,variation,first_sent,last_sent';
    const sent = '2026-01-01T09:00:00Z,2026-01-02T10:00:00Z';
    const tags = '"[""spring"",""a,b""]"';
    expect(await linesOf('campaigns')).toEqual([
      `campaign_id,${rest}`,
      `c1,"Spring, ""sale""",${tags},"[""email""]","[""A""]",${sent}`,
    ]);
    expect(await linesOf('canvases')).toEqual([
      `canvas_id,${rest}`,
      'k1,Journey,,"[""ios_push""]","[""Path A""]",,',
    ]);
    expect(await linesOf('messageVariations')).toEqual([
      `message_variation_id,${rest}`,
      `v1,"Spring, ""sale""",${tags},email,A,${sent}`,
      'v2,Journey,,ios_push,Day 1,,',
    ]);
    expect(await linesOf('canvasSteps')).toEqual([
      `canvas_step_id,${rest}`,
      's1,Day 1,,"[""ios_push""]","[""Day 1""]",,',
    ]);
  });

  it('is the same for the same entries in any order, and another one after any change', async () => {
    const digest = async (...entries: Entry[]) => (await tableContent('messageVariations', entries)).digest;
    expect(await digest(canvas, campaign)).toBe(await digest(campaign, canvas));
    expect(await digest(canvas, { ...campaign, tags: [] })).not.toBe(await digest(canvas, campaign));
  });

  it('has every value as it is, for any names and tags', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ' ', '[', '=', '\u0000'),
    });
    const given = fc.array(fc.tuple(text, fc.array(text)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(given, async named => {
        const entries = named.map(([name, tags], index) => entryOf({ id: `c${index}`, name, tags }));
        const { csv } = await tableContent('campaigns', entries);
        const { data } = Papa.parse<string[]>(csv, { newline: '\n' });
        expect(
          data.slice(1).map(([id, name, tags]) => [id, name, tags === '' ? [] : JSON.parse(tags!)]),
        ).toEqual(named.map(([name, tags], index) => [`c${index}`, name, tags]));
      }),
    );
  });

  it('has each row once and in the order of the keys, however many there are', async () => {
    const ids = Array.from({ length: 1_234 }, (_, index) => String(index));
    const { csv, rows } = await tableContent(
      'campaigns',
      ids.map(id => entryOf({ id })),
    );
    const [, ...lines] = csv.split('\n');
    expect(lines).toEqual(ids.toSorted().map(id => `${id},Welcome,,,,,`));
    expect(rows).toBe(1_234);
  });

  it.each(tableNames)('of %s may have no row', async table => {
    expect(await tableContent(table, [])).toMatchObject({ rows: 0, problem: undefined });
  });

  it('is not written above the size that Mixpanel accepts', async () => {
    const name = 'x'.repeat(30_000_000);
    const entries = ['a', 'b', 'c', 'd'].map(id => entryOf({ id, name }));
    expect((await tableContent('campaigns', entries.slice(1))).problem).toBeUndefined();
    expect((await tableContent('campaigns', entries)).problem).toBe(
      'The table would have 120,000,092 bytes; Mixpanel accepts 104,857,600.',
    );
  });
});
