import { describe, expect, it } from 'vitest';
import { Users } from './users.ts';

describe('a user', () => {
  it('is found by external id, Braze id, alias, device, e-mail address and phone number', () => {
    const users = new Users();
    const alias = { alias_label: 'crm', alias_name: '17' };
    const { number } = users.put({
      external_id: 'user-1',
      device_ids: ['device-1'],
      aliases: [alias],
      attributes: { email: 'one@example.com', phone: '+15550100' },
    });
    const { braze_id } = users.get(number)!;
    const references = [
      { external_id: 'user-1' },
      { braze_id },
      { user_alias: alias },
      { device_id: 'device-1' },
      { email: 'one@example.com' },
      { phone: '+15550100' },
    ];
    expect(references.map(reference => users.find(reference))).toEqual(references.map(() => number));
  });

  it('is changed, not recreated, by its external id, and keeps omitted fields', () => {
    const users = new Users();
    users.put({ external_id: 'user-1', device_ids: ['device-1'], timezone: 'Europe/Berlin' });
    expect(users.put({ external_id: 'user-1', attributes: { plan: 'pro' } }).created).toBe(false);
    expect([...users.list()]).toMatchObject([
      {
        external_id: 'user-1',
        device_ids: ['device-1'],
        timezone: 'Europe/Berlin',
        attributes: { plan: 'pro' },
      },
    ]);
  });

  it('keeps its number when identified', () => {
    const users = new Users();
    const { number } = users.put({ device_ids: ['device-1'] });
    users.put({ braze_id: users.get(number)!.braze_id, external_id: 'user-1' });
    expect(users.find({ external_id: 'user-1' })).toBe(number);
    expect(users.size).toBe(1);
  });

  it('can have a given Braze id, and is then not found by the derived one', () => {
    const users = new Users();
    const derived = users.get(users.put({ external_id: 'a' }).number)!.braze_id;
    users.put({ external_id: 'b', braze_id: 'own-id' });
    expect(users.find({ braze_id: 'own-id' })).toBe(1);
    expect(users.find({ braze_id: derived.replace(/0$/, '1') })).toBeUndefined();
  });

  it('takes over a device, an alias or an external id from another user', () => {
    const users = new Users();
    const alias = { alias_label: 'crm', alias_name: '17' };
    users.put({ external_id: 'a', device_ids: ['shared', 'own'], aliases: [alias] });
    users.put({ external_id: 'b', device_ids: ['shared'], aliases: [alias] });
    expect([...users.list()]).toMatchObject([
      { external_id: 'a', device_ids: ['own'], aliases: [] },
      { external_id: 'b', device_ids: ['shared'], aliases: [alias] },
    ]);
    expect(users.find({ device_id: 'shared' })).toBe(1);
    expect(users.find({ user_alias: alias })).toBe(1);
  });

  it('without an id is matched by its first device', () => {
    const users = new Users();
    users.put({ device_ids: ['device-1'] });
    users.put({ device_ids: ['device-1', 'device-2'] });
    expect(users.size).toBe(1);
  });

  it('never shares a Braze id, even if another user was given the derived one', () => {
    const users = new Users();
    const first = users.get(users.put({ external_id: 'a' }).number)!.braze_id;
    const second = first.replace(/0$/, '1');
    const restored = new Users();
    restored.put({ braze_id: second, external_id: 'b' });
    restored.put({ external_id: 'c' });
    expect(restored.find({ braze_id: second })).toBe(0);
    expect(restored.find({ braze_id: restored.get(1)!.braze_id })).toBe(1);
  });

  it('can have ids that are names of JavaScript object members', () => {
    const users = new Users();
    users.put({ external_id: '__proto__', attributes: { constructor: true } });
    expect(users.find({ external_id: '__proto__' })).toBe(0);
    expect(users.find({ external_id: 'constructor' })).toBeUndefined();
    expect(users.attribute(0, 'toString')).toBeUndefined();
  });
});
