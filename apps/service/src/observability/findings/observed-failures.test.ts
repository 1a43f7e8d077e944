import { openStorage, type StandingFailures } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ObservedFailures } from './observed-failures.ts';

const logger = pino({ level: 'silent' });
const minuteMs = 60_000;
const broken = async () => {
  throw new Error('storage is full');
};

it('A Current fails since the first failure after an accepted request, across restarts and with storage that fails', async () => {
  await using disposed = new AsyncDisposableStack();
  const storage = await openStorage('sqlite::memory:');
  disposed.defer(() => storage.close());
  const steps = [
    'accepted',
    'aborted',
    'storage_unavailable',
    'backlog_full',
    'restart',
    'broken',
    'repaired',
  ] as const;
  let connection = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps)), async given => {
      const name = `c${connection++}`;
      let now = 0;
      let fails = false;
      const store: StandingFailures = {
        list: each => storage.standingFailures.list(each),
        put: (...given) => (fails ? broken() : storage.standingFailures.put(...given)),
        end: (...given) => storage.standingFailures.end(...given),
      };
      const start = () => new ObservedFailures({ store, now: () => now, logger });
      let failures = start();
      let since: number | undefined;
      for (const step of given) {
        now += minuteMs;
        if (step === 'broken' || step === 'repaired') fails = step === 'broken';
        // What storage does not accept is lost by a restart: a process that restarts has stored everything here.
        else if (step === 'restart' && !fails) {
          await failures.close();
          failures = start();
        } else if (step !== 'restart') failures.answered(name, step);
        if (step === 'accepted') since = undefined;
        if (step === 'storage_unavailable' || step === 'backlog_full') since ??= now;
        // Storage catches up at the next failure.
        if (step === 'repaired' && since !== undefined) failures.answered(name, 'backlog_full');
        expect((await failures.of(name)).currents?.since).toBe(since);
      }
      expect(await failures.of(`${name}-other`)).toEqual({});
    }),
    { numRuns: 50 },
  );
});

it('Repeated failures and successes are written once a minute', async () => {
  const calls: string[] = [];
  const store: StandingFailures = {
    list: async () => [],
    put: async (_, { last }) => void calls.push(`put ${last}`),
    end: async () => void calls.push('end'),
  };
  let now = 0;
  const failures = new ObservedFailures({ store, now: () => now, logger });
  for (now = 0; now <= minuteMs; now += minuteMs / 4) failures.answered('default', 'backlog_full');
  for (now = 0; now <= minuteMs; now += minuteMs / 4) failures.answered('default', 'accepted');
  await failures.close();
  expect(calls).toEqual(['put 0', `put ${minuteMs}`, 'end', 'end']);
});
