import { expect, it } from 'vitest';
import type { StoredName } from '../ports/index.ts';
import { contract } from './contract.ts';

export const firstSeen = contract('the names first seen', storage => {
  const type: StoredName = { kind: 'event_type', name: 'users.new', at: 1e12, day: '2026-01-01' };
  const property: StoredName = { ...type, kind: 'property', name: 'users.old Grüße 🌳', at: 2e12 };

  it('are listed by connection, the newest first, after a crash too', async () => {
    await storage.firstSeen.put('default', type, 9);
    await storage.firstSeen.put('default', property, 9);
    await storage.crash();
    expect(await storage.firstSeen.list('default')).toEqual([property, type]);
    expect(await storage.firstSeen.list('other')).toEqual([]);
  });

  it('keep their first time and their last day', async () => {
    for (const day of ['2026-01-01', '2026-01-03', '2026-01-02'])
      await storage.firstSeen.put('default', { ...type, at: type.at + Date.parse(day), day }, 9);
    expect(await storage.firstSeen.list('default')).toEqual([
      { ...type, at: type.at + Date.parse('2026-01-01'), day: '2026-01-03' },
    ]);
  });

  it('are no more than the maximum of a connection, and those known still get their last day', async () => {
    await storage.firstSeen.put('other', type, 1);
    await storage.firstSeen.put('default', type, 1);
    await storage.firstSeen.put('default', property, 1);
    await storage.firstSeen.put('default', { ...type, day: '2026-01-09' }, 1);
    expect(await storage.firstSeen.list('default')).toEqual([{ ...type, day: '2026-01-09' }]);
  });

  it('are deleted by their last day, of all connections', async () => {
    for (const connection of ['default', 'other']) {
      await storage.firstSeen.put(connection, type, 9);
      await storage.firstSeen.put(connection, { ...property, day: '2026-01-02' }, 9);
    }
    expect(await storage.firstSeen.dropBefore('2026-01-02')).toBe(2);
    expect(await storage.firstSeen.list('other')).toMatchObject([{ kind: 'property' }]);
  });
});
