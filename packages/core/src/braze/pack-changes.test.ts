import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberKey } from '../cohorts/member.ts';
import { cohortUsersRequestSchema, idsInChanges } from './cohort-import.ts';
import { cohortAttribute, cohortChanges, packChanges, trackAttributes } from './pack-changes.ts';

const id = fc.string({ unit: 'binary', maxLength: 3 });
const key = fc.oneof(
  id.map(value => memberKey({ kind: 'external_id', id: value })),
  id.map(value => memberKey({ kind: 'device_id', id: value })),
  fc.tuple(id, id).map(([name, label]) => memberKey({ kind: 'alias', name, label })),
);
const change = fc.record({ key, remove: fc.boolean() });

describe('packing changes into requests', () => {
  it('respects the limit, names an ID once per request, and ends with the changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (changes, limit) => {
        const braze = new Set<string>();
        const expected = new Set<string>();
        for (const { key: k, remove } of changes) remove ? expected.delete(k) : expected.add(k);
        for (const group of packChanges(changes, limit)) {
          const elements = cohortChanges(group);
          expect(idsInChanges(elements)).toBe(group.length);
          expect(group.length).toBeLessThanOrEqual(limit);
          expect(new Set(group.map(c => c.key)).size).toBe(group.length);
          for (const { key: k, remove } of group) remove ? braze.delete(k) : braze.add(k);
        }
        expect(braze).toEqual(expected);
      }),
    );
  });

  it('has the documented shape: one element that adds and one that removes, every kind in its own list', () => {
    const cohort_changes = cohortChanges([
      { key: 'eadds', remove: false },
      { key: 'dphone', remove: false },
      { key: 'a3:crm7', remove: false },
      { key: 'eleaves', remove: true },
    ]);
    expect(cohort_changes).toEqual([
      {
        user_ids: ['adds'],
        device_ids: ['phone'],
        aliases: [{ alias_name: '7', alias_label: 'crm' }],
        should_remove: false,
      },
      { user_ids: ['leaves'], should_remove: true },
    ]);
    const request = { partner_api_key: 'k', client_secret: 's', cohort_id: '1', cohort_changes };
    expect(cohortUsersRequestSchema.safeParse(request).success).toBe(true);
  });
});

describe('attributes for /users/track', () => {
  it('add and remove members, and never create a user', () => {
    const group = [
      { key: 'ein', remove: false },
      { key: 'a3:crm7', remove: true },
    ];
    expect(trackAttributes(group, 'mixpanel_cohort_9')).toEqual([
      { external_id: 'in', _update_existing_only: true, mixpanel_cohort_9: true },
      {
        user_alias: { alias_name: '7', alias_label: 'crm' },
        _update_existing_only: true,
        mixpanel_cohort_9: false,
      },
    ]);
  });

  it('are refused for device IDs and for more objects than a request may have', () => {
    expect(() => trackAttributes([{ key: 'd1', remove: false }], 'x')).toThrow(/device_id/);
    const many = Array.from({ length: 76 }, (_, n) => ({ key: `e${n}`, remove: false }));
    expect(() => trackAttributes(many, 'x')).toThrow(/75 objects/);
  });

  it('have the ID of the cohort in their name, in characters that a name may have', () => {
    expect(cohortAttribute('12345')).toBe('mixpanel_cohort_12345');
    expect(cohortAttribute('a b/ü')).toBe('mixpanel_cohort_a_0020b_002f_00fc');
    expect(cohortAttribute('9\ud83c')).toBe('mixpanel_cohort_9_d83c');
  });

  it('never share an attribute between two cohorts', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('_', '0', 'f', '/', '\ud83c') }),
    );
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(cohortAttribute(one) === cohortAttribute(other)).toBe(one === other);
      }),
    );
  });
});
