import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchMember } from '../cohorts/matching.ts';
import { mapEvent, parseMappingOptions } from '../mapping/index.ts';
import { identityOf, insertIdOf, insertIdPattern, isRefusedId, refusedIds } from './index.ts';

/** Any UTF-16 string, lone surrogates included. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
});

/**
 * JSON values that may be given as an ID; the texts that people and programs often write are more frequent.
 */
const anyId = fc.oneof(
  fc.jsonValue(),
  anyText,
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    ...refusedIds,
    '  ',
    '\t',
    '\ufeff',
    '\u200b\u00a0',
    ' null ',
    '9\ud83c',
    '',
    'x'.repeat(987),
  ),
  fc.string({ unit: fc.constantFrom(...' \t\n\u00a0\u200b\u2060\ufeff\u0000\u007f\u00ad\u3164\u2800') }),
);

describe('the identity of an external ID', () => {
  const options = parseMappingOptions('{"generation":"2022-06","selection":null,"sendUnlisted":false}');
  const fromEvent = (external_user_id: unknown) => {
    const event = { id: 'a', time: 1_600_000_000, event_type: 'users.messages.email.Send', properties: {} };
    return mapEvent({ ...event, user: { external_user_id } }, options, 1_700_000_000_000);
  };

  it('is the same for events and for members of cohorts, refusals included', () => {
    fc.assert(
      fc.property(anyId, id => {
        const event = fromEvent(id);
        const rule = { by: 'property', property: 'id' } as const;
        const member = matchMember('mp', { id }, rule);
        expect(matchMember(id, {}, { by: 'distinct_id' })[0]?.startsWith('e') ?? false).toBe(
          member[0]!.startsWith('e') && !member[0]!.startsWith('e$device:'),
        );
        if (event.outcome === 'skipped') expect(member).toEqual(['ump']);
        else if (event.outcome === 'dead') expect(member).toEqual(['rmp']);
        else expect(member).toEqual([`e${event.event.properties.distinct_id}`]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '',
    ' ',
    '   ',
    '\t',
    '\r\n',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\ufeff',
    '\u0000',
    '\u3164',
    '\u00ad \u2060',
  ])('is none for a blank: %j', blank => {
    expect(identityOf(blank)).toEqual({ kind: 'none' });
  });

  it.each([
    [4711, '4711'],
    [1.5, '1.5'],
    ['9\ud83c', '9\ufffd'],
    [' ada ', ' ada '],
  ])('of %j is %j', (value, id) => {
    expect(identityOf(value)).toEqual({ kind: 'id', id, placeholder: undefined });
  });

  it('is refused for IDs that Mixpanel rejects, and only noted for IDs that look like a placeholder', () => {
    expect(identityOf('NULL')).toEqual({ kind: 'refused', because: 'placeholder' });
    expect(identityOf(2 ** 53)).toEqual({ kind: 'refused', because: 'not_an_id' });
    expect(identityOf(' null ')).toEqual({ kind: 'id', id: ' null ', placeholder: ' null ' });
  });
});

describe('a refused ID', () => {
  it.each(['anon', 'ANONYMOUS', 'Null', '<NIL>', '0', '-1', '[]', '00000000-0000-0000-0000-000000000000'])(
    'is %j, in any letter case',
    value => {
      expect(isRefusedId(value)).toBe(true);
    },
  );

  it.each(['', '00', 'nobody', 'anon ', 'toString', '__proto__'])('is not %j', value => {
    expect(isRefusedId(value)).toBe(false);
  });
});

describe('the insert ID of a Currents event', () => {
  it('is the event’s own ID where Mixpanel accepts it', () => {
    const id = 'a1b2c3d4-0000-4000-8000-1234567890AB';
    expect(insertIdOf(id)).toBe(id);
  });

  it('is a digest where Mixpanel would reject the ID, and never changes', () => {
    expect(insertIdOf('id with spaces')).toBe('d396e4de-2c5e-6db8-5aff-29b0bb18b07a');
    expect(insertIdOf('None')).not.toBe(insertIdOf('none'));
    for (const refused of refusedIds) expect(insertIdOf(refused)).not.toBe(refused);
  });

  it('differs for IDs that differ only in a lone surrogate', () => {
    expect(insertIdOf('id \ud800')).not.toBe(insertIdOf('id \ud801'));
  });

  it('is always one that Mixpanel accepts, and the same for the same ID', () => {
    fc.assert(
      fc.property(anyText, id => {
        const insertId = insertIdOf(id);
        expect(insertId).toMatch(insertIdPattern);
        expect(isRefusedId(insertId)).toBe(false);
        expect(insertIdOf(id)).toBe(insertId);
      }),
    );
  });

  it('differs for different IDs', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        fc.pre(one !== other);
        expect(insertIdOf(one)).not.toBe(insertIdOf(other));
      }),
    );
  });
});
