import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06, generation2022_06 } from '../currents/index.ts';
import { mapEvent, mappingOptionsText, parseMappingOptions, parseProfile, profileText } from './index.ts';

const catalogueVersion = catalogue2022_06;

describe('the text of mapping options', () => {
  it('is parsed to the options that it was written from', () => {
    const types = catalogueVersion.entries.map(entry => entry.eventType);
    fc.assert(
      fc.property(
        fc.option(fc.subarray(types), { nil: undefined }),
        fc.boolean(),
        (selected, sendUnlisted) => {
          const options = {
            catalogueVersion,
            sendUnlisted,
            ...(selected && { selection: new Set(selected) }),
          };
          expect(parseMappingOptions(mappingOptionsText(options))).toEqual(options);
        },
      ),
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
      'the event catalogue "2031-01", which this version does not have (it has 2022-06); run the version that accepted it, or a newer one',
    );
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
