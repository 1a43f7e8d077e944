import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../testing/lookup-entries.ts';
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
const linesOf = (table: keyof typeof tables) => tableContent(table, [canvas, campaign]).csv.split('\n');

describe('the content of a lookup table', () => {
  it('has a row for each campaign, Canvas, message variation or Canvas step', () => {
    const rest = 'name,tags,channel,variation,first_sent,last_sent';
    const sent = '2026-01-01T09:00:00Z,2026-01-02T10:00:00Z';
    const tags = '"[""spring"",""a,b""]"';
    expect(linesOf('campaigns')).toEqual([
      `campaign_id,${rest}`,
      `c1,"Spring, ""sale""",${tags},"[""email""]","[""A""]",${sent}`,
    ]);
    expect(linesOf('canvases')).toEqual([
      `canvas_id,${rest}`,
      'k1,Journey,,"[""ios_push""]","[""Path A""]",,',
    ]);
    expect(linesOf('messageVariations')).toEqual([
      `message_variation_id,${rest}`,
      `v1,"Spring, ""sale""",${tags},email,A,${sent}`,
      'v2,Journey,,ios_push,Day 1,,',
    ]);
    expect(linesOf('canvasSteps')).toEqual([
      `canvas_step_id,${rest}`,
      's1,Day 1,,"[""ios_push""]","[""Day 1""]",,',
    ]);
  });

  it('is the same for the same entries in any order, and another one after any change', () => {
    const digest = (...entries: Parameters<typeof tableContent>[1][]) =>
      tableContent(
        'messageVariations',
        entries.flatMap(each => [...each]),
      ).digest;
    expect(digest([canvas, campaign])).toBe(digest([campaign, canvas]));
    expect(digest([canvas, { ...campaign, tags: [] }])).not.toBe(digest([canvas, campaign]));
  });

  it('has every value as it is, for any names and tags', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', ' ', '[', '=', '\u0000'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.array(text)), { minLength: 1, maxLength: 5 }), given => {
        const entries = given.map(([name, tags], index) => entryOf({ id: `c${index}`, name, tags }));
        const { csv } = tableContent('campaigns', entries);
        const { data } = Papa.parse<string[]>(csv, { newline: '\n' });
        expect(
          data.slice(1).map(([id, name, tags]) => [id, name, tags === '' ? [] : JSON.parse(tags!)]),
        ).toEqual(given.map(([name, tags], index) => [`c${index}`, name, tags]));
      }),
    );
  });

  it.each(tableNames)('of %s may have no row', table => {
    expect(tableContent(table, [])).toMatchObject({
      rows: 0,
      problem: undefined,
    });
  });

  it('is not written above the size that Mixpanel accepts', () => {
    const name = 'x'.repeat(30_000_000);
    const entries = ['a', 'b', 'c', 'd'].map(id => entryOf({ id, name }));
    expect(tableContent('campaigns', entries.slice(1)).problem).toBeUndefined();
    expect(tableContent('campaigns', entries).problem).toBe(
      'The table would have 120,000,092 bytes; Mixpanel accepts 104,857,600.',
    );
  });
});
