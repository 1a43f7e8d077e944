import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generation2022_06 } from '../currents/index.ts';
import { parseProfile, profileText } from './index.ts';

const generation = generation2022_06;

describe('the text of a profile', () => {
  it('is read back as the profile it was written from', () => {
    const types = generation.entries.map(entry => entry.eventType);
    fc.assert(
      fc.property(
        fc.option(fc.subarray(types), { nil: undefined }),
        fc.boolean(),
        (selected, sendUnlisted) => {
          const profile = { generation, sendUnlisted, ...(selected && { selection: new Set(selected) }) };
          expect(parseProfile(profileText(profile))).toEqual(profile);
        },
      ),
    );
  });

  it('is the same for equal profiles, in whichever order they were put together', () => {
    expect(profileText({ generation, selection: new Set(['b', 'a']) })).toBe(
      profileText({ sendUnlisted: false, selection: new Set(['a', 'b']), generation }),
    );
    expect(profileText({ generation })).toBe(
      '{"generation":"2022-06","selection":null,"sendUnlisted":false}',
    );
  });

  it('keeps "nothing selected" and "everything" apart', () => {
    expect(parseProfile(profileText({ generation, selection: new Set() })).selection).toEqual(new Set());
    expect(parseProfile(profileText({ generation })).selection).toBeUndefined();
  });

  it.each(['', '{', '{}', 'null', '{"generation":"2022-06"}'])(
    'is refused when it is no profile: %j',
    text => {
      expect(() => parseProfile(text)).toThrow('a stored mapping profile is not readable');
    },
  );

  it('names a catalogue this version does not have, and what to do', () => {
    const text = profileText({ generation: { ...generation, id: '2031-01' } });
    expect(() => parseProfile(text)).toThrow(
      'the event catalogue "2031-01", which this version does not have (it has 2022-06); run the version that accepted it, or a newer one',
    );
  });
});
