import type { StorageHealth } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Readiness, StorageReadiness } from './readiness.ts';

const full = { ok: false, reason: 'The disk is full.' } as const;
let health: StorageHealth;
let probes: number;
let changes: Readiness[];
let readiness: StorageReadiness;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  health = { ok: true };
  probes = 0;
  changes = [];
  readiness = new StorageReadiness(
    () => {
      probes += 1;
      return Promise.resolve(health);
    },
    { monotonic: () => performance.now(), onChange: state => changes.push(state) },
  );
});
afterEach(() => {
  readiness.stop();
  vi.useRealTimers();
});

describe('readiness', () => {
  it('is a durable write, tried once for all requests within a second', async () => {
    expect(await Promise.all([readiness.check(), readiness.check()])).toEqual([
      { ready: true },
      { ready: true },
    ]);
    await readiness.check();
    expect(probes).toBe(1);
  });

  it('ends at the first batch that could not be stored, with the reason', async () => {
    readiness.appendFailed(new Error('The disk is full.'));
    expect(await readiness.check()).toEqual({ ready: false, reason: 'The disk is full.' });
  });

  it('returns by itself once a write succeeds, without a request, and reports it once', async () => {
    health = full;
    readiness.appendFailed(new Error('The disk is full.'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(probes).toBeGreaterThanOrEqual(4);
    health = { ok: true };
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await readiness.check()).toEqual({ ready: true });
    expect(changes).toEqual([{ ready: false, reason: 'The disk is full.' }, { ready: true }]);
  });

  it('is over when the service stops', async () => {
    readiness.stop();
    expect(await readiness.check()).toEqual({ ready: false, reason: 'The service is stopping.' });
  });
});
