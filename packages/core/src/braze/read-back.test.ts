import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberKey, memberOfKey } from '../cohorts/index.ts';
import { readBackOf, readBackRequest } from './read-back.ts';

const attribute = 'mixpanel_cohort_1';
const ada = { key: memberKey({ kind: 'external_id', id: 'ada' }), remove: false };
const bob = { key: memberKey({ kind: 'external_id', id: 'bob' }), remove: true };
const cid = { key: memberKey({ kind: 'alias', name: 'cid', label: 'crm' }), remove: false };
const all = [ada, bob, cid];
const read = (users: unknown) =>
  readBackOf(JSON.stringify({ message: 'success', users, invalid_user_ids: [] }), all, attribute);

describe('reading members back', () => {
  it('requests users by external ID and alias, with their custom attributes only', () => {
    expect(readBackRequest(all)).toEqual({
      external_ids: ['ada', 'bob'],
      user_aliases: [{ alias_name: 'cid', alias_label: 'crm' }],
      fields_to_export: ['external_id', 'user_aliases', 'custom_attributes'],
    });
  });

  it('distinguishes confirmed changes, contradicted ones, and those without a user', () => {
    const users = [
      { external_id: 'ada', custom_attributes: { [attribute]: true } },
      { external_id: 'bob' },
      { user_aliases: [{ alias_name: 'cid', alias_label: 'another' }] },
    ];
    expect(read(users)).toEqual({ confirmed: [ada, bob], contradicted: [], withoutUser: [cid] });
    const wrong = [
      { external_id: 'ada', custom_attributes: { [attribute]: 'true' } },
      { external_id: 'bob', custom_attributes: { [attribute]: true } },
      { user_aliases: [{ alias_name: 'cid', alias_label: 'crm' }] },
    ];
    expect(read(wrong)).toEqual({ confirmed: [], contradicted: all, withoutUser: [] });
  });

  it.each([
    '',
    '{}',
    '<html></html>',
    '[]',
    '{"message":"success"}',
    '{"message":"no","users":[]}',
    '{"users',
    '{"message":"success","users":[{"external_id":"bob"},{},{},{}]}',
  ])('is undefined for %j', body => expect(readBackOf(body, all, attribute)).toBeUndefined());

  it('confirms no member whose user a response does not show with the attribute, whatever else it contains', () => {
    const user = fc.oneof(
      fc.record(
        {
          external_id: fc.constantFrom<unknown>('ada', 'bob', 'x', 1, null),
          user_aliases: fc.constantFrom<unknown>(
            [],
            null,
            [null],
            [{ alias_name: 'cid', alias_label: 'crm' }],
          ),
          custom_attributes: fc.constantFrom<unknown>(
            null,
            {},
            { [attribute]: true },
            { [attribute]: 1 },
            [],
          ),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(user, { maxLength: 4 }), fc.jsonValue()), users => {
        const shown = read(users);
        if (shown === undefined) return;
        for (const { key, remove } of shown.confirmed) {
          const theirs = (users as unknown[]).map(each => JSON.stringify(each)).filter(isOf(key));
          expect(theirs).not.toEqual([]);
          for (const each of theirs) expect(each.includes(`"${attribute}":true`)).toBe(!remove);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

const isOf = (key: string) => (user: string) => {
  const member = memberOfKey(key);
  return user.includes(member.kind === 'external_id' ? `"external_id":"${member.id}"` : '"alias_name":"cid"');
};
