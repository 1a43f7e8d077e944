import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06, catalogue2026_07 } from '../currents/index.ts';
import { checkImportEvent, utf8Length } from '../mixpanel/index.ts';
import { type MappingOptions, mapEvent } from './index.ts';

const receivedAt = 1_660_000_000_500;
const wireNames = [
  ...new Set(
    [...catalogue2022_06.entries, ...catalogue2026_07.entries].flatMap(entry =>
      entry.properties.map(property => property.wire),
    ),
  ),
];

/** Any UTF-16 string, lone surrogates included. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
});
const awkwardText = fc.constantFrom(
  '',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  'time',
  'ip',
  '$ignore',
);
const text = fc.oneof(anyText, awkwardText);
const awkwardNumber = fc.constantFrom(0, -0, -1, 1e21, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 2);
const json = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(text, fc.double({ noNaN: true }), awkwardNumber, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 5 }),
  ),
})).value;

/**
 * Mostly valid events in which any part may be any value: an event that is invalid everywhere is rejected
 * early.
 */
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: json });
const nearlyEvent = fc.record(
  {
    event_type: mostly(fc.constantFrom(...catalogue2026_07.entries.map(entry => entry.eventType))),
    id: mostly(fc.oneof(fc.uuid(), text)),
    time: mostly(fc.oneof(fc.integer({ min: 31_536_000, max: 1_700_000_000 }), fc.double())),
    user: mostly(fc.record({ external_user_id: mostly(fc.oneof(fc.uuid(), text)), device_id: json })),
    properties: mostly(
      fc
        .tuple(
          fc.dictionary(fc.oneof(fc.constantFrom(...wireNames), text), json),
          fc.record(
            { name: mostly(text), custom_properties: json, purchase_properties: json },
            { requiredKeys: [] },
          ),
        )
        .map(([listed, free]) => ({ ...listed, ...free })),
    ),
  },
  { requiredKeys: ['event_type', 'id', 'time', 'user'] },
);
const anyEvent = fc.oneof({ weight: 9, arbitrary: nearlyEvent }, { weight: 1, arbitrary: json });

const mappings = {
  plain: { catalogueVersion: catalogue2022_06 },
  'with unlisted properties': { catalogueVersion: catalogue2022_06, sendUnlisted: true },
  'custom events only': {
    catalogueVersion: catalogue2022_06,
    selection: new Set(['users.behaviors.CustomEvent']),
  },
  'of 2026-07': { catalogueVersion: catalogue2026_07 },
  'of all types and users': {
    catalogueVersion: catalogue2022_06,
    sendUnknown: true,
    sendUnattributed: true,
    sendUserId: true,
    sendUnlisted: true,
  },
} satisfies Record<string, MappingOptions>;
/** By name, so that a counterexample does not print the catalogue. */
const anyMapping = fc.constantFrom<keyof typeof mappings>(
  'plain',
  'with unlisted properties',
  'custom events only',
  'of 2026-07',
  'of all types and users',
);

describe('any JSON value', () => {
  it('has an outcome, and Mixpanel accepts a mapped event', () => {
    let mapped = 0;
    fc.assert(
      fc.property(anyEvent, anyMapping, (event, mapping) => {
        const result = mapEvent(event, mappings[mapping], receivedAt);
        if (result.outcome !== 'mapped') return;
        mapped++;
        const now = Math.max(receivedAt, result.event.properties.time * 1_000);
        expect(checkImportEvent(result.event, { now })).toEqual([]);
        expect(JSON.parse(result.json)).toEqual(JSON.parse(JSON.stringify(result.event)));
        expect(result.json).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/);
        expect(Object.keys(result.event.properties)).not.toContain('ip');
        expect(Object.keys(result.event.properties)).not.toContain('$ignore');
        expect(result.bytes).toBe(utf8Length(result.json));
        const { name, time, distinctId, insertId } = result;
        expect(result.event).toMatchObject({
          ...{ event: name, properties: { time, distinct_id: distinctId, $insert_id: insertId } },
        });
      }),
      { numRuns: 2_000 },
    );
    expect(mapped).toBeGreaterThan(200);
  });

  it('gives the same text each time, from a copy as well', () => {
    fc.assert(
      fc.property(anyEvent, anyMapping, (event, mapping) => {
        const copy: unknown = structuredClone(event);
        expect(mapEvent(copy, mappings[mapping], receivedAt)).toEqual(
          mapEvent(event, mappings[mapping], receivedAt),
        );
        expect(copy).toEqual(event);
      }),
    );
  });

  it('changes no prototype', () => {
    fc.assert(
      fc.property(anyEvent, event => {
        mapEvent(event, { catalogueVersion: catalogue2022_06, sendUnlisted: true }, receivedAt);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
});

describe('one event', () => {
  const good = fc.record({
    event_type: fc.constantFrom('users.messages.email.Click', 'users.canvas.Entry'),
    id: fc.oneof(
      fc.uuid(),
      text.filter(id => id !== ''),
    ),
    time: fc.integer({ min: 31_536_000, max: 1_700_000_000 }),
    user: fc.record({ external_user_id: fc.uuid() }),
    properties: fc.dictionary(fc.constantFrom(...wireNames), json),
  });
  const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());

  it('has the same insert ID whatever else changes', () => {
    fc.assert(
      fc.property(good, good, (one, other) => {
        const insertIds = [one, { ...other, id: one.id }].map(event => {
          const result = mapEvent(event, { catalogueVersion: catalogue2022_06 }, receivedAt);
          return result.outcome === 'mapped' ? result.event.properties.$insert_id : undefined;
        });
        fc.pre(!insertIds.includes(undefined));
        expect(insertIds[0]).toBe(insertIds[1]);
      }),
    );
  });

  it('gives the same text in any order of its keys', () => {
    fc.assert(
      fc.property(good, event => {
        const shuffled = reversed({ ...event, properties: reversed(event.properties) });
        const [one, other] = [event, shuffled].map(each =>
          mapEvent(each, { catalogueVersion: catalogue2022_06 }, receivedAt),
        );
        fc.pre(one?.outcome === 'mapped');
        expect(other).toMatchObject({ outcome: 'mapped', json: one.json });
      }),
    );
  });
});
