import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { realMonotonic } from '../clock/index.ts';
import { Leadership } from './leadership.ts';

const logger = pino({ level: 'silent' });

/** Duration of the leases that expire in a test. */
const ttlMs = 30;
/** Time passes only here. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A database's table of one lease; its time passes only when a test advances it. */
class Lease {
  holder: string | undefined;
  /** The database does not answer. */
  down = false;
  renewed = 0;
  refused = 0;
  readonly #onReleased = new Set<(lease: LeaseName) => void>();

  of(name: string): Replicas {
    const reach = async <T>(does: () => T): Promise<T> => {
      if (this.down) throw new Error('the database is away');
      return does();
    };
    return {
      take: () =>
        reach(() => {
          if (this.holder !== undefined) return false;
          this.holder = name;
          return true;
        }),
      renew: () =>
        reach(() => {
          if (this.holder === name) this.renewed++;
          else this.refused++;
          return this.holder === name;
        }),
      release: () =>
        reach(() => {
          if (this.holder !== name) return;
          this.holder = undefined;
          for (const listener of this.#onReleased) listener('cohorts');
        }),
      onReleased: listener => this.#onReleased.add(listener),
      notifyNewWork: () => undefined,
      onNewWork: () => undefined,
      ask: () => Promise.reject(new Error('nobody asks here')),
      answer: () => undefined,
    };
  }
}

/** A replica whose work only reports whether it runs. */
function replica(name: string, lease: Lease | undefined, ttlMs = 60_000) {
  const seen: string[] = [];
  const begin =
    (how = '') =>
    async () => {
      seen.push(`begins${how}`);
      return { close: async () => void seen.push(`ends${how}`) };
    };
  const leadership = new Leadership({
    lease: 'cohorts',
    replicas: lease?.of(name),
    begin: begin(),
    ...{ logger, ttlMs, monotonic: realMonotonic },
  });
  onTestFinished(() => leadership.close());
  return { leadership, seen, begin };
}

it('one replica does the work, and another as soon as the first releases the lease', async () => {
  const lease = new Lease();
  const [ada, bob] = [replica('ada', lease), replica('bob', lease)];
  await ada.leadership.start();
  await bob.leadership.start();
  expect([await ada.leadership.current(), await bob.leadership.current()]).toEqual([
    expect.anything(),
    undefined,
  ]);
  await ada.leadership.close();
  expect(ada.seen).toEqual(['begins', 'ends']);
  await pass(0);
  expect(bob.seen).toEqual(['begins']);
});

it('the work ends when another replica has acquired the expired lease', async () => {
  const lease = new Lease();
  const ada = replica('ada', lease, ttlMs);
  await ada.leadership.start();
  lease.holder = 'bob';
  await pass(ttlMs / 3);
  expect(ada.seen).toEqual(['begins', 'ends']);
  expect(await ada.leadership.current()).toBeUndefined();
  expect(lease.holder).toBe('bob');
});

it('the work ends by its own clock when the lease cannot be renewed, and starts anew once it can be acquired', async () => {
  const lease = new Lease();
  const ada = replica('ada', lease, ttlMs);
  await ada.leadership.start();
  lease.down = true;
  await pass(ttlMs - 1);
  expect(ada.seen).toEqual(['begins']);
  await pass(1);
  expect(ada.seen).toEqual(['begins', 'ends']);
  lease.holder = undefined;
  lease.down = false;
  await pass(10 * ttlMs);
  expect(ada.seen).toEqual(['begins', 'ends', 'begins']);
});

it('a lease is held while the work is slow to start, and work that started too late ends at once', async () => {
  const lease = new Lease();
  const seen: string[] = [];
  const { promise: slow, resolve: begun } = Promise.withResolvers<void>();
  const leadership = new Leadership({
    lease: 'cohorts',
    replicas: lease.of('ada'),
    begin: async () => {
      await slow;
      seen.push('begins');
      return { close: async () => void seen.push('ends') };
    },
    ...{ logger, ttlMs, monotonic: realMonotonic },
  });
  const starting = leadership.start();
  const { renewed } = lease;
  await pass(2 * ttlMs);
  expect(lease.renewed).toBeGreaterThan(renewed + 5);
  lease.holder = 'bob';
  const { refused } = lease;
  await pass(ttlMs / 3);
  expect(lease.refused).toBeGreaterThan(refused);
  begun();
  await starting;
  expect(await leadership.current()).toBeUndefined();
  expect(seen).toEqual(['begins', 'ends']);
  await leadership.close();
});

it('work that cannot start fails the start of the service, and leaves the lease to others', async () => {
  const lease = new Lease();
  const leadership = new Leadership({
    lease: 'cohorts',
    replicas: lease.of('ada'),
    begin: () => Promise.reject(new Error('impossible')),
    ...{ logger, monotonic: realMonotonic },
  });
  await expect(leadership.start()).rejects.toThrow('impossible');
  expect(lease.holder).toBeUndefined();
  await leadership.close();
});

it.each([
  ['that holds a lease', new Lease()],
  ['that owns its storage', undefined],
])(
  'a process %s restarts its work in another way, and keeps the former where the new one fails',
  async (_, lease) => {
    const { leadership, seen, begin } = replica('ada', lease);
    await leadership.start();
    await leadership.restart(begin(' anew'));
    expect(seen).toEqual(['begins', 'ends', 'begins anew']);
    await expect(leadership.restart(() => Promise.reject(new Error('impossible')))).rejects.toThrow(
      'impossible',
    );
    expect(seen.slice(3)).toEqual(['ends anew', 'begins anew']);
    expect(await leadership.current()).toBeDefined();
  },
);

it('a replica that does not lead starts in the new way when it becomes the leader', async () => {
  const lease = new Lease();
  const [ada, bob] = [replica('ada', lease), replica('bob', lease)];
  await ada.leadership.start();
  await bob.leadership.start();
  await bob.leadership.restart(bob.begin(' anew'));
  await ada.leadership.close();
  await pass(0);
  expect(bob.seen).toEqual(['begins anew']);
});
