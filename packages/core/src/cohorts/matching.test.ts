import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchMember } from './matching.ts';

describe('matching a member with a Braze user', () => {
  it('uses $braze_external_id by default, else the distinct ID', () => {
    expect(matchMember('mp-1', { $braze_external_id: 'braze-1' }, { by: 'default' })).toEqual(['ebraze-1']);
    expect(matchMember('mp-1', {}, { by: 'default' })).toEqual(['emp-1']);
    expect(matchMember('mp-1', { $braze_external_id: '' }, { by: 'default' })).toEqual(['emp-1']);
  });

  it('uses a chosen property and nothing else', () => {
    const rule = { by: 'property', property: 'crm_id' } as const;
    expect(matchMember('mp-1', { crm_id: 42 }, rule)).toEqual(['e42']);
    expect(matchMember('mp-1', { $braze_external_id: 'x' }, rule)).toEqual(['ump-1']);
  });

  it('returns several members for a list of devices, none for a list of external IDs', () => {
    const devices = { by: 'property', property: 'devices', as: { kind: 'device_id' } } as const;
    expect(matchMember('mp-1', { devices: ['a', 'b', null] }, devices)).toEqual(['da', 'db']);
    expect(matchMember('mp-1', { devices: ['a'] }, { by: 'property', property: 'devices' })).toEqual([
      'rmp-1',
    ]);
  });

  it('returns aliases under a rule for aliases', () => {
    const rule = { by: 'property', property: 'crm', as: { kind: 'alias', label: 'crm' } } as const;
    expect(matchMember('mp-1', { crm: '7' }, rule)).toEqual(['a3:crm7']);
  });

  it('matches no user by an anonymous distinct ID', () => {
    expect(matchMember('$device:1', {}, { by: 'distinct_id' })).toEqual(['u$device:1']);
  });

  it.each(['null', 'undefined', '0', '-1', 0, -1])(
    'never sends a placeholder that Mixpanel refuses: %j',
    id => {
      expect(matchMember(id, {}, { by: 'default' })).toEqual([`r${id}`]);
    },
  );

  it.each(['  ', '\t', '\ufeff'])('regards a blank as no ID: %j', blank => {
    expect(matchMember('mp-1', { $braze_external_id: blank }, { by: 'default' })).toEqual(['emp-1']);
    expect(matchMember(blank, {}, { by: 'default' })).toEqual([]);
  });

  it('matches no user by a property that every object inherits', () => {
    const rule = { by: 'property', property: 'constructor' } as const;
    expect(matchMember('mp-1', {}, rule)).toEqual(['ump-1']);
  });

  it('accepts IDs of 987 bytes, and lists longer ones by their beginning', () => {
    const rule = { by: 'distinct_id' } as const;
    expect(matchMember('x'.repeat(987), {}, rule)).toEqual([`e${'x'.repeat(987)}`]);
    expect(matchMember('x'.repeat(988), {}, rule)).toEqual([`u${'x'.repeat(300)}`]);
    expect(matchMember('ü'.repeat(494), {}, rule)).toEqual([`u${'ü'.repeat(300)}`]);
  });

  it('matches no user by an invalid $braze_external_id, since the distinct ID may be another user’s', () => {
    for (const [value, key] of [
      ['x'.repeat(988), 'ump-1'],
      [['a'], 'rmp-1'],
      [{ a: 1 }, 'rmp-1'],
      ['null', 'rmp-1'],
      [0, 'rmp-1'],
    ]) {
      expect(matchMember('mp-1', { $braze_external_id: value }, { by: 'default' })).toEqual([key]);
    }
  });

  it('returns keys with a UTF-8 form, for any JSON value', () => {
    fc.assert(
      fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything()), (id, properties) => {
        for (const key of matchMember(id, properties, { by: 'default' }))
          expect(key.isWellFormed()).toBe(true);
      }),
    );
    expect(matchMember('\ud800', {}, { by: 'default' })).toEqual(['e\ufffd']);
  });
});
