import { expect, it } from 'vitest';
import type { StandingFailure } from '../ports/index.ts';
import { contract } from './contract.ts';

export const standingFailures = contract('the standing failures', storage => {
  const currents: StandingFailure = { kind: 'currents', since: 1e12, last: 1e12 + 5, code: 'backlog_full' };
  const credentials: StandingFailure = { ...currents, kind: 'credentials', code: 'mixpanel_refuses' };

  it('are listed by connection, after a crash too', async () => {
    await storage.standingFailures.put('default', currents);
    await storage.standingFailures.put('default', credentials);
    await storage.crash();
    expect(await storage.standingFailures.list('default')).toEqual([credentials, currents]);
    expect(await storage.standingFailures.list('other')).toEqual([]);
  });

  it('keep their earliest time, and the latest with its code, in any order', async () => {
    const earlier = { ...currents, since: currents.since - 9, last: currents.last - 9, code: 'earlier' };
    const later = { ...currents, since: currents.since + 9, last: currents.last + 9, code: 'later' };
    for (const each of [currents, earlier, later, earlier])
      await storage.standingFailures.put('default', each);
    expect(await storage.standingFailures.list('default')).toEqual([
      { kind: 'currents', since: earlier.since, last: later.last, code: 'later' },
    ]);
  });

  it('end by connection and kind, and begin anew after that', async () => {
    await storage.standingFailures.put('default', currents);
    await storage.standingFailures.put('default', credentials);
    await storage.standingFailures.put('other', currents);
    for (const _ of [1, 2]) await storage.standingFailures.end('default', 'currents');
    expect(await storage.standingFailures.list('default')).toEqual([credentials]);
    expect(await storage.standingFailures.list('other')).toEqual([currents]);
    const anew = { ...currents, since: currents.since + 9, last: currents.last + 9 };
    await storage.standingFailures.put('default', anew);
    expect(await storage.standingFailures.list('default')).toEqual([credentials, anew]);
  });
});
