import { keysOf } from '@braze-mixpanel/core/currents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrected, type Fix, fixed, fixSchema, writesId } from './fix.ts';

const original =
  '{"id":"a","user":{"external_user_id":null},"properties":{"foo":1,"x.y":2,"deep":[{"z":3}]}}';
const after = (...fix: Fix) => {
  const result = fixed(original, fix);
  return result.kind === 'fixed' ? result.event : result;
};

describe('a fix', () => {
  it('sets, renames and removes, in the order in which it is written', () => {
    expect(
      after(
        { set: 'user.external_user_id', value: 'customer-1' },
        { rename: 'properties.foo', to: 'bar' },
        { remove: String.raw`properties.x\.y` },
        { set: 'properties.bar', value: 7 },
      ),
    ).toEqual({
      id: 'a',
      user: { external_user_id: 'customer-1' },
      properties: { bar: 7, deep: [{ z: 3 }] },
    });
  });

  it('creates the objects on the path to a value that it sets, and none on the path to one that it removes', () => {
    expect(after({ set: 'context.app.version', value: '2' })).toMatchObject({
      context: { app: { version: '2' } },
    });
    expect(after({ remove: 'nothing.here' }, { rename: 'nothing.there', to: 'x' })).toEqual(
      JSON.parse(original),
    );
  });

  it.each<[boolean, Fix]>([
    [true, [{ remove: 'x' }, { set: 'id', value: 'same' }]],
    [true, [{ set: String.raw`i\d`, value: 'same' }]],
    [
      true,
      [
        { set: 'x', value: 'same' },
        { rename: 'x', to: 'id' },
      ],
    ],
    [true, [{ rename: 'event_id', to: 'id' }]],
    [
      false,
      [
        { set: 'properties.id', value: 1 },
        { rename: 'properties.x', to: 'id' },
      ],
    ],
  ])('writes the id (%s) by any step: many events with one id would be one in Mixpanel', (expected, fix) => {
    expect(writesId(fix)).toBe(expected);
  });

  it('accepts a value of 64 levels, and refuses a deeper one', () => {
    const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
    const of = (levels: number) => fixSchema.safeParse([{ set: 'x', value: nested(levels) }]).success;
    expect([of(64), of(65), of(20_000)]).toEqual([true, false, false]);
  });

  it('renames a key to itself without losing it', () => {
    expect(after({ rename: 'properties.foo', to: 'foo' })).toEqual(JSON.parse(original));
  });

  it('is unfit where it would set a key inside a value that is no object', () => {
    expect(after({ set: 'properties.foo.inside', value: 1 })).toMatchObject({ kind: 'unfit' });
    expect(fixed('"text"', [{ set: 'id', value: 'b' }])).toMatchObject({ kind: 'unfit' });
  });

  it.each<Fix>([
    [{ set: 'id', value: 'b' }],
    [{ remove: 'id' }],
    [{ rename: 'id', to: 'former_id' }],
    [{ rename: 'user', to: 'id' }],
  ])('that changes the id is refused: the event could arrive twice', step => {
    expect(after(step)).toMatchObject({ kind: 'unfit', why: expect.stringContaining('id') });
  });

  it('may give an id to an event that arrived without a usable one', () => {
    for (const idless of ['{}', '{"id":""}', '{"id":null}', '{"id":12345678901234567890}'])
      expect(fixed(idless, [{ set: 'id', value: 'b' }])).toEqual({ kind: 'fixed', event: { id: 'b' } });
  });

  it('treats __proto__ as an ordinary key', () => {
    const event = after({ set: 'properties.__proto__.polluted', value: true });
    expect(JSON.stringify(event)).toContain('"__proto__":{"polluted":true}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('never changes a usable id, with any steps', () => {
    const key = fc.constantFrom('id', 'user', 'properties', 'foo', '__proto__');
    const path = fc.array(key, { minLength: 1, maxLength: 3 }).map(keys => keys.join('.'));
    const step = fc.oneof(
      fc.record({ set: path, value: fc.jsonValue() }),
      fc.record({ rename: path, to: key }),
      fc.record({ remove: path }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), steps => {
        const result = fixed(original, fixSchema.parse(steps));
        if (result.kind === 'fixed') expect(result.event).toMatchObject({ id: 'a' });
      }),
    );
  });
});

it('a whole corrected event keeps the id', () => {
  expect(corrected(original, { id: 'a', time: 1 })).toEqual({ kind: 'fixed', event: { id: 'a', time: 1 } });
  expect(corrected(original, { id: 'b' })).toMatchObject({ kind: 'unfit' });
  expect(corrected(original, { id: 'b' })).toMatchObject({
    why: expect.stringContaining('cannot be changed'),
  });
});

it.each([[42], ['text'], [null], [['a']], [true]])(
  'a whole corrected event of %j is unfit, since it is no object',
  event => {
    for (const before of [original, '{}', '42'])
      expect(corrected(before, event)).toEqual({
        kind: 'unfit',
        why: 'the corrected event must be a JSON object',
      });
  },
);

it('the keys of a path are the joined ones, with any characters', () => {
  const written = (key: string) => key.replaceAll('\\', '\\\\').replaceAll('.', '\\.');
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), keys => {
      expect(keysOf(keys.map(written).join('.'))).toEqual(keys);
    }),
  );
});
