import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertIdOf, insertIdPattern, isRefusedId, refusedIds } from './index.ts';

/** Any UTF-16, lone surrogates among it. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
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
