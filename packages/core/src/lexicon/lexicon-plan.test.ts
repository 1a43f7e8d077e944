import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06, catalogue2026_07 } from '../currents/index.ts';
import type { LexiconEntry, ListedLexiconEntry } from '../mixpanel/index.ts';
import { lexiconEntries, lexiconPlan } from './index.ts';

const selection = new Set(['users.messages.email.Open', 'users.messages.email.Click']);
const entries = lexiconEntries({ catalogueVersion: catalogue2022_06, selection });
const written = lexiconPlan(entries, []).write;
/** The entries as Lexicon has them after the first upload, with the one for opened emails changed. */
const edited = (change: (schema: LexiconEntry['schemaJson']) => unknown): ListedLexiconEntry[] =>
  written.map(entry =>
    entry.name === 'Email Open'
      ? { ...entry, schemaJson: change(structuredClone(entry.schemaJson)) }
      : structuredClone(entry),
  );
const newer: LexiconEntry[] = entries.map(entry => ({
  ...entry,
  schemaJson: { ...entry.schemaJson, description: 'A better sentence.' },
}));

describe('the plan for Lexicon', () => {
  it('writes everything into an empty Lexicon, and nothing the second time', () => {
    expect(written.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
    expect(lexiconPlan(entries, written)).toEqual({
      ...{ write: [], kept: [], keptProperties: [] },
      unchanged: entries.map(({ name }) => name),
    });
  });

  it('writes a newer form over an unchanged entry', () => {
    const names = entries.map(({ name }) => name);
    expect(lexiconPlan(newer, written).write.map(({ name }) => name)).toEqual(names);
  });

  it.each<[what: string, change: (schema: LexiconEntry['schemaJson']) => unknown]>([
    ['its description', schema => ({ ...schema, description: 'In our words.' })],
    [
      'the description of a property',
      ({ properties, ...rest }) => ({
        ...rest,
        properties: { ...properties, campaign_id: { type: 'string', description: 'In our words.' } },
      }),
    ],
    [
      'the list of properties',
      ({ properties, ...rest }) => ({
        ...rest,
        properties: { ...properties, $source: { type: 'string', description: 'Of our app.' } },
      }),
    ],
    [
      'its tags',
      ({ metadata, ...rest }) => ({
        ...rest,
        metadata: { 'com.mixpanel': { ...metadata?.['com.mixpanel'], tags: ['Braze', 'Mine'] } },
      }),
    ],
    [
      'whether it is hidden',
      ({ metadata, ...rest }) => ({
        ...rest,
        metadata: { 'com.mixpanel': { ...metadata?.['com.mixpanel'], hidden: true } },
      }),
    ],
    ['everything, and left no object', () => null],
  ])('keeps an entry of which a person changed %s', (_, change) => {
    const plan = lexiconPlan(newer, edited(change));
    expect(plan.kept).toEqual(['Email Open']);
    expect(plan.write.map(({ name }) => name)).toEqual(['Email Click']);
  });

  it('keeps an entry that a person wrote before the first upload', () => {
    const own = { entityType: 'event', name: 'Email Open', schemaJson: { description: 'Opened.' } };
    expect(lexiconPlan(entries, [own])).toMatchObject({ kept: ['Email Open'], unchanged: [] });
  });

  it('compares with entries for events alone', () => {
    const profile = { entityType: 'profile', name: 'Email Open', schemaJson: { description: 'Opened.' } };
    expect(lexiconPlan(entries, [profile]).kept).toEqual([]);
  });

  it('recognizes its entries with defaults added and in another order', () => {
    const stored = edited(({ properties, metadata, ...rest }) => ({
      $schema: 'http://json-schema.org/draft-07/schema',
      additionalProperties: true,
      required: [],
      metadata: {
        'com.mixpanel': { hidden: false, dropped: false, contacts: [], ...metadata?.['com.mixpanel'] },
      },
      properties: Object.fromEntries(Object.entries(properties ?? {}).reverse()),
      ...rest,
    }));
    expect(lexiconPlan(entries, stored).unchanged).toContain('Email Open');
    expect(lexiconPlan(newer, stored).kept).toEqual([]);
  });

  it('keeps what it would have to replace where Mixpanel returns no mark, and writes nothing twice', () => {
    const unmarked = written.map(({ schemaJson: { metadata: _, ...schema }, ...entry }) => ({
      ...entry,
      schemaJson: { ...schema, metadata: { 'com.mixpanel': { tags: ['Braze', 'Braze Email'] } } },
    }));
    expect(lexiconPlan(entries, unmarked)).toMatchObject({ write: [], kept: [] });
    expect(lexiconPlan(newer, unmarked)).toMatchObject({ write: [], kept: entries.map(({ name }) => name) });
  });

  it('writes a property without a description where another entry describes it in other words', () => {
    const own = {
      entityType: 'event',
      name: 'Signed Up',
      schemaJson: {
        properties: {
          campaign_id: { type: 'string', description: 'Campaign of the advertisement.' },
          url: { type: 'string', description: '' },
        },
      },
    };
    const { write, keptProperties } = lexiconPlan(entries, [own]);
    expect(keptProperties).toEqual(['campaign_id']);
    for (const { schemaJson } of write) {
      expect(schemaJson.properties?.campaign_id).toEqual({ type: 'string' });
      expect(schemaJson.properties?.canvas_id).toHaveProperty('description');
    }
    expect(lexiconPlan(entries, [own, ...write])).toMatchObject({ write: [], kept: [], keptProperties: [] });
  });

  it('never writes over an entry without a mark, whatever Lexicon has', () => {
    const all = lexiconEntries({ catalogueVersion: catalogue2026_07 });
    const listed = fc.record({
      name: fc.constantFrom(...all.map(({ name }) => name)),
      entityType: fc.constantFrom('event', 'profile'),
      schemaJson: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(listed), existing => {
        const { write, unchanged, kept } = lexiconPlan(all, existing);
        const taken = new Set(existing.filter(each => each.entityType === 'event').map(({ name }) => name));
        expect(write.filter(({ name }) => taken.has(name))).toEqual([]);
        expect(write.length + unchanged.length + kept.length).toBe(all.length);
      }),
    );
  });
});
