import { openStorage } from '@braze-mixpanel/storage';
import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Activity } from '../../src/clock/activity.ts';
import { monotonicMs } from '../../src/clock/index.ts';
import { IdObserver } from '../../src/events/ids/id-observer.ts';
import { Tombstones } from '../../src/privacy/tombstones.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';

const start = Date.parse('2026-01-31T12:00:00Z');

describeWithPostgres('the user ids of several replicas on PostgreSQL', () => {
  it('are one summary, also if all store at the same time, and a forgotten id is in none', async () => {
    await using server = await startPostgres();
    const { url } = await server.createDatabase();
    await using storages = new AsyncDisposableStack();
    const replicas: IdObserver[] = [];
    const users: Tombstones[] = [];
    for (let at = 0; at < 4; at++) {
      const storage = await openStorage(url);
      storages.defer(() => storage.close());
      const tombstones = new Tombstones({
        ...{ store: storage.tombstones, shared: true, now: () => start, monotonic: () => monotonicMs(0) },
      });
      await tombstones.refresh();
      users.push(tombstones);
      replicas.push(
        new IdObserver({
          ...{ store: storage.idSummaries, logger: pino({ level: 'silent' }) },
          ...{ clock: new ManualClock(start), activity: new Activity() },
          forgotten: () => tombstones.forgottenNow(),
        }),
      );
    }
    const events = ['ada', 'grace', 'grace', 'Grüße 🌳 \u0000'];
    for (const replica of replicas)
      replica.observe(
        'default',
        events.map(distinctId => ({ distinctId, time: start / 1_000 })),
      );
    const forget = async () => {
      await users[0]!.add('ada');
      await replicas[0]!.removeForgotten(['default']);
    };
    await Promise.all([...replicas.map(replica => replica.store()), forget()]);
    for (const replica of replicas) {
      const days = await replica.summaries('default');
      const today = days.find(({ day }) => day === '2026-01-31')!.summary;
      expect(Object.fromEntries(today.heaviest(9))).toEqual({ grace: 8, 'Grüße 🌳 \u0000': 4 });
      expect(today.sample.sort()).toEqual(['Grüße 🌳 \u0000', 'grace']);
    }
  });
});
