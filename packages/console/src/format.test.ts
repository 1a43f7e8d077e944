import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  counted,
  duration,
  inWords,
  jsonText,
  milliseconds,
  relative,
  short,
  span,
  visible,
} from '../page/src/parts/format.ts';

describe('the texts of the console', () => {
  it.each([
    [999, '999 B'],
    [1_400, '1.4 kB'],
    [2_500_000, '2.5 MB'],
    [3_000_000_000, '3.0 GB'],
  ])('%i bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [400, '0 s'],
    [8_000, '8 s'],
    [90_000, '1 min'],
    [4_320_000, '1 h 12 min'],
    [90_000_000, '1 d 1 h'],
  ])('a span of %i ms is %s', (ms, text) => expect(span(ms)).toBe(text));

  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [1_500, '1 s 500 ms'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
  ])('a duration of %i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('a moment is in the past, now or in the future', () => {
    expect(relative(0, 8_000)).toBe('8 s ago');
    expect(relative(7_200_000, 0)).toBe('in 2 h');
    expect(relative(10, 20)).toBe('now');
  });

  it('a number that is not known is not shown as none', () => {
    expect(count(undefined)).toBe('not known');
    expect(count(null)).toBe('not known');
    expect(count(0)).toBe('0');
  });

  it('a number has its noun in the right form, and a code is in words', () => {
    expect([counted(1, 'batch', 'batches'), counted(2_000, 'event')]).toEqual(['1 batch', '2,000 events']);
    expect(inWords('no_external_user_id')).toBe('No external user id');
    expect(inWords('refused_by_mixpanel')).toBe('Refused by Mixpanel');
    expect(inWords('braze_clock of mock-braze')).toBe('Braze clock of mock-braze');
    expect([milliseconds(12.4), milliseconds(1_240)]).toEqual(['12 ms', '1.2 s']);
  });

  it('no text from outside keeps a character that changes the direction of writing', () => {
    const turns = fc.constantFrom('\u200e', '\u202e', '\u2066', 'a', '"');
    fc.assert(
      fc.property(fc.array(turns), fc.integer({ min: 1, max: 300 }), (parts, length) => {
        const text = parts.join('');
        for (const shown of [short(text, length), jsonText({ [text]: text }), jsonText(text)])
          expect(shown).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('an ID has an escape for each character that cannot be seen, and keeps those of its writing', () => {
    expect(visible('ada\u202e\u200b\ufeff\u0000\n')).toBe('ada\\u202e\\u200b\\ufeff\\u0000\\u000a');
    expect(visible('ada\u200d')).toBe('ada\\u200d');
    for (const text of ['ميلاد', 'می\u200cخواهم', '👩\u200d🚀', 'Größe 1']) expect(visible(text)).toBe(text);
    expect(short('one\n\ttwo\u2028')).toBe('one\n\ttwo\\u2028');
  });

  it('JSON with direction marks stays the JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(JSON.parse(jsonText([value]))).toEqual(JSON.parse(JSON.stringify([value])));
      }),
    );
  });
});
