import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { splitBody } from '../events/body/split-user.ts';
import { bodyText } from '../events/body/stored-body.ts';
import { StoredUser } from './stored-user.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** Any UTF-16, lone surrogates among it; never empty. */
const anyId = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0xd800, max: 0xdfff }).map(unit => String.fromCharCode(unit)),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
});
function split(body: string, id: string) {
  const found = splitBody(bytes(body), new StoredUser(id));
  return found && { ...found, rest: bodyText(found.rest()) };
}

describe('a user in the text of stored events', () => {
  it.each([
    ['9\ud83c', '9\ud83c'],
    ['9\ud83c', '9\ufffd'],
    ['9\ufffd', '9\ud83c'],
  ])('is the same with half a surrogate pair as with U+FFFD: %j is %j', (stored, given) => {
    expect(new StoredUser(given).owns({ user: { external_user_id: stored } })).toBe(true);
  });

  it('is any of several users, however many there are', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    for (const some of [ids.slice(0, 3), ids, [...ids, '7']]) {
      const users = new StoredUser(...some);
      const body = JSON.stringify({
        events: ['user-0', 'stays', 'user-2', 7].map(user => ({ user: { external_user_id: user } })),
      });
      const theirs = splitBody(bytes(body), users)?.theirs.map(({ index }) => index);
      expect(theirs).toEqual(some.includes('7') ? [0, 2, 3] : [0, 2]);
    }
  });

  it.each([
    ['a key said twice', '{"user":{"external_user_id":"ada"},"user":{"external_user_id":"bob"}}'],
    ['an id said twice', '{"user":{"external_user_id":"ada","external_user_id":"bob"}}'],
    [
      'a key spelled with an escape',
      '{"user":{"external_user_id":"\\u0061da"},"us\\u0065r":{"external_user_id":"bob"}}',
    ],
    ['properties said twice', '{"user":{"external_user_id":"bob"},"properties":["ada"],"properties":{}}'],
  ])('is found in an event with %s', (_what, event) => {
    const found = split(`{"events":[{"id":"other"},${event}]}`, 'ada');
    expect(found).toMatchObject({
      theirs: [{ index: 1 }],
      rest: '{"events":[{"id":"other"}]}',
      beside: false,
    });
    expect(new StoredUser('ada').isIn(event)).toBe(true);
  });

  it.each([
    ['before the events', '{"users":["ada"],"events":[{"id":"x"}]}'],
    ['behind the events', '{"events":[{"id":"x"}],"partner":{"user":"ada"}}'],
    ['in events that a second list replaces', '{"events":[{"id":"ada"}],"events":[{"id":"x"}]}'],
  ])('is found %s, and the events stay', (_where, body) => {
    expect(split(body, 'ada')).toEqual({ theirs: [], rest: '{"events":[{"id":"x"}]}', beside: true });
  });

  it.each([1, 2, 3, 4])('leaves the others as they arrived, with %d events', count => {
    const theirs = '{"user":{"external_user_id":"ada"}}';
    const others = (index: number) => `{"n":${index}.0, "x":"\\u0061"}`;
    for (let which = 0; which < 2 ** count; which += 1) {
      const events = Array.from({ length: count }, (_, index) =>
        which & (1 << index) ? theirs : others(index),
      );
      const rest = events.filter(event => event !== theirs);
      const found = split(`{"events":[${events.join(',')}]}`, 'ada');
      expect(found?.rest).toBe(which === 0 ? undefined : `{"events":[${rest.join()}]}`);
    }
  });

  it('is searched without parsing events of others: parsing a batch may crash the process', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const parsed = () => parse.mock.calls.map(([text]) => text).filter(text => text.length > 20);
    const bob = '{"user":{"external_user_id":"bob"}}';
    const ada = '{"user":{"external_user_id":"ada"}}';
    expect(split(`{"events":[${bob}]}`, 'ada')).toBeUndefined();
    expect(parsed()).toEqual([]);
    expect(split(`{"events":[${bob},${ada},${bob}]}`, 'ada')?.rest).toBe(`{"events":[${bob},${bob}]}`);
    expect(parsed()).toEqual([ada]);
    parse.mockRestore();
  });

  it('is not found where another user’s event merely mentions the ID', () => {
    const event = { user: { external_user_id: 'bob' }, properties: { friend: 'ada', ada: 1 } };
    expect(split(JSON.stringify({ events: [event] }), 'ada')).toBeUndefined();
  });

  it('is found by a number in any spelling, and by one that JSON has rounded', () => {
    expect(
      split('{"events":[{"user":{"external_user_id":1e2,"external_user_id":7}}]}', '100')?.theirs,
    ).toHaveLength(1);
    const id = '12345678901234567890';
    expect(split(`{"events":[{"user":{"external_user_id":${id}}}]}`, id)?.theirs).toHaveLength(1);
    expect(split('{"events":[{"user":{"external_user_id":1.5}}]}', '1.50')).toBeUndefined();
  });

  it('leaves no byte of a hidden ID, in any surrounding text', () => {
    const secret = 'customer-to-be-forgotten';
    const noise = fc.dictionary(fc.string(), fc.jsonValue());
    const json = (value: object) => JSON.stringify(value).slice(1, -1);
    const joined = (...parts: string[]) => `{${parts.filter(part => part !== '').join(',')}}`;
    const hidden = `"hidden":[{"x":"${secret}"}],"hidden":0`;
    fc.assert(
      fc.property(noise, noise, fc.boolean(), (before, after, beside) => {
        const inner = joined(json(before), beside ? '' : hidden, json(after));
        const body = joined(beside ? `"a":"${secret}"` : '', `"events":[{"id":"kept"},${inner}]`);
        const found = split(body, secret);
        expect(found?.rest).not.toContain(secret);
        expect(found?.rest).toContain('{"id":"kept"}');
      }),
    );
  });

  it('is found in either form of any ID, also in the form that Mixpanel has', () => {
    fc.assert(
      fc.property(anyId, fc.jsonValue(), (id, properties) => {
        const body = JSON.stringify({ events: [{ user: { external_user_id: id }, properties }] });
        for (const given of [id, id.toWellFormed()]) expect(split(body, given)?.theirs).toHaveLength(1);
        expect(bodyText(bytes(body))).toBe(body);
      }),
    );
  });
});
