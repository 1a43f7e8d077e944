import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CatalogueVersion,
  catalogue2022_06,
  catalogueVersions,
  generation2022_06,
} from '../currents/index.ts';
import {
  type Exclusion,
  type MappingOptions,
  mapEvent,
  mappingOptionsText,
  parseExclusion,
  parseMappingOptions,
  parseProfile,
  profileText,
} from './index.ts';

const catalogueVersion = catalogue2022_06;
const exclusions = ['Location', 'Email Open where machine_open', '* where app_id = test'];

function exclusion(text: string, version: CatalogueVersion): Exclusion {
  const result = parseExclusion(text, version);
  if (!result.ok) throw new Error(result.message);
  return result.exclusion;
}

describe('the text of mapping options', () => {
  it('is parsed to the options that it was written from', () => {
    const types = catalogueVersion.entries.map(entry => entry.eventType);
    const someTypes = fc.subarray(types, { minLength: 1 });
    const anyOptions = fc.record(
      {
        catalogueVersion: fc.constantFrom(...catalogueVersions.values()),
        sendUnlisted: fc.boolean(),
        selection: fc.subarray(types).map(selected => new Set(selected)),
        alsoSend: someTypes.map(selected => new Set(selected)),
        exclusions: fc.subarray(exclusions, { minLength: 1 }),
        names: fc.dictionary(fc.constantFrom(...types), fc.string(), { minKeys: 1, noNullPrototype: true }),
        sendUnknown: fc.constant(true as const),
        sendUnattributed: fc.constant(true as const),
        sendUserId: fc.constant(true as const),
        shadow: fc.constant(true as const),
      },
      { requiredKeys: ['catalogueVersion', 'sendUnlisted'] },
    );
    fc.assert(
      fc.property(anyOptions, ({ exclusions: texts, names, ...options }) => {
        const written: MappingOptions = {
          ...options,
          ...(names && { names: new Map(Object.entries(names)) }),
          ...(texts && { exclusions: texts.map(each => exclusion(each, options.catalogueVersion)) }),
        };
        expect(parseMappingOptions(mappingOptionsText(written))).toEqual(written);
      }),
    );
  });

  it('is the same for equal options, in any order of their keys', () => {
    expect(mappingOptionsText({ catalogueVersion, selection: new Set(['b', 'a']) })).toBe(
      mappingOptionsText({ sendUnlisted: false, selection: new Set(['a', 'b']), catalogueVersion }),
    );
    expect(mappingOptionsText({ catalogueVersion })).toBe(
      '{"generation":"2022-06","selection":null,"sendUnlisted":false}',
    );
  });

  it('keeps "nothing selected" and "everything" apart', () => {
    expect(
      parseMappingOptions(mappingOptionsText({ catalogueVersion, selection: new Set() })).selection,
    ).toEqual(new Set());
    expect(parseMappingOptions(mappingOptionsText({ catalogueVersion })).selection).toBeUndefined();
  });

  it.each(['', '{', '{}', 'null', '{"generation":"2022-06"}'])(
    'is rejected if it is not mapping options: %j',
    text => {
      expect(() => parseMappingOptions(text)).toThrow('stored mapping options are not readable');
    },
  );

  it('names a catalogue that this release does not have, and the remedy', () => {
    const text = mappingOptionsText({ catalogueVersion: { ...catalogueVersion, id: '2031-01' } });
    expect(() => parseMappingOptions(text)).toThrow(
      'the event catalogue "2031-01", which this version does not have (it has 2022-06, 2026-07); run the version that accepted it, or a newer one',
    );
    expect(() => parseMappingOptions(text)).toThrow(expect.objectContaining({ unknownVersion: '2031-01' }));
  });
});

describe('the deprecated names', () => {
  it('read and write the same text, and map the same', () => {
    const profile = { generation: generation2022_06, sendUnlisted: true };
    const text = profileText(profile);
    expect(text).toBe(mappingOptionsText({ catalogueVersion, sendUnlisted: true }));
    expect(parseProfile(text)).toEqual(profile);
    const event = {
      event_type: 'users.canvas.Entry',
      id: '1',
      time: 1_660_000_000,
      user: { external_user_id: 'ada' },
    };
    const options = parseMappingOptions(text);
    expect(mapEvent(event, profile, 1_660_000_000_000)).toEqual(mapEvent(event, options, 1_660_000_000_000));
  });
});
