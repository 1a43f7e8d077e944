import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchMember } from '../cohorts/matching.ts';
import { mapEvent, parseMappingOptions } from '../mapping/index.ts';
import { identityOf, insertIdOf, insertIdPattern, isRefusedId, refusedIds } from './index.ts';

/** Any UTF-16, lone surrogates among it. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
});

/** What JSON may hold as an id, with what people and programs put there more often than chance would. */
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

describe('the user that an id names', () => {
  const options = parseMappingOptions('{"generation":"2022-06","selection":null,"sendUnlisted":false}');
  const fromEvent = (external_user_id: unknown) => {
    const event = { id: 'a', time: 1_600_000_000, event_type: 'users.messages.email.Send', properties: {} };
    return mapEvent({ ...event, user: { external_user_id } }, options, 1_700_000_000_000);
  };

  it('is the same for events and for members of cohorts, and so is its refusal', () => {
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

  it('is refused for what Mixpanel refuses, only noted for what looks like a placeholder', () => {
    expect(identityOf('NULL')).toEqual({ kind: 'refused', because: 'placeholder' });
    expect(identityOf(2 ** 53)).toEqual({ kind: 'refused', because: 'not_an_id' });
    expect(identityOf(' null ')).toEqual({ kind: 'id', id: ' null ', placeholder: ' null ' });
  });
});

describe('a refused id', () => {
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

describe('the insert id of a Currents event', () => {
  it('is the event’s own id where Mixpanel takes it', () => {
    const id = 'a1b2c3d4-0000-4000-8000-1234567890AB';
    expect(insertIdOf(id)).toBe(id);
  });

  it('is a digest where Mixpanel would refuse the id, and stays the same for ever', () => {
    expect(insertIdOf('id with spaces')).toBe('d396e4de-2c5e-6db8-5aff-29b0bb18b07a');
    expect(insertIdOf('None')).not.toBe(insertIdOf('none'));
    for (const refused of refusedIds) expect(insertIdOf(refused)).not.toBe(refused);
  });

  it('tells ids apart that differ in a lone surrogate only', () => {
    expect(insertIdOf('id \ud800')).not.toBe(insertIdOf('id \ud801'));
  });

  it('is always one that Mixpanel takes, and the same for the same id', () => {
    fc.assert(
      fc.property(anyText, id => {
        const insertId = insertIdOf(id);
        expect(insertId).toMatch(insertIdPattern);
        expect(isRefusedId(insertId)).toBe(false);
        expect(insertIdOf(id)).toBe(insertId);
      }),
    );
  });

  it('differs for different ids', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        fc.pre(one !== other);
        expect(insertIdOf(one)).not.toBe(insertIdOf(other));
      }),
    );
  });
});
