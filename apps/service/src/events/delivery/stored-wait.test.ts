import { describe, expect, it, vi } from 'vitest';
import { type Answer, deliveryTest } from '../../testing/delivery-test.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';

const test = deliveryTest();

const throttled =
  (retryAfterMs?: number): Answer =>
  async () => ({ kind: 'answered', status: 429, body: '{"error":"slow down"}', retryAfterMs });
const waitOf = (forMs: number) => ({
  ...{ forMs, ageMs: 10_000, failures: 3, code: 'mixpanel_throttled', detail: 'Mixpanel answered 429' },
});

describe('a delivery that must wait', () => {
  it('stores the wait that Mixpanel asks for; rows wait no longer for it than their own backoff', async () => {
    test.answer = throttled(3_600_000);
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.postponements).toMatchObject([{ code: 'mixpanel_throttled', failures: 1 }]);
    expect(test.journal.postponements[0]!.forMs).toBeCloseTo(3_600_000, -2);
    expect(test.journal.released[0]!.delayMs).toBeLessThanOrEqual(65_000 * 1.05);
  });

  it.each<[string, Answer]>([
    ['a lost answer', async () => ({ kind: 'lost', why: 'ECONNREFUSED' })],
    ['refused credentials', async () => ({ kind: 'answered', status: 401, body: '', retryAfterMs: 90_000 })],
    [
      'a malformed answer',
      async () => ({ kind: 'answered', status: 200, body: '', retryAfterMs: undefined }),
    ],
  ])('stores no wait after %s: a restart tries at once', async (_what, given) => {
    test.answer = given;
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.delivery.status().failuresInARow).toBe(1);
    expect(test.journal.postponements).toEqual([]);
  });

  it('stores a wait that Mixpanel asks for during a stop', async () => {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    test.answer = () => promise;
    test.journal.add(4);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    const stopped = test.delivery.stop(10_000);
    resolve(await throttled(90_000)([]));
    await vi.advanceTimersByTimeAsync(10);
    await stopped;
    expect(test.journal.postponements).toHaveLength(1);
    expect(test.journal.released).toEqual([{ ids: [4], delayMs: 0, attempt: false }]);
  });

  it('starts with the wait in storage, reports its reason, and sends old and new batches after it', async () => {
    test.journal.add(1);
    test.journal.stored = waitOf(80_000);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.delivery.status()).toMatchObject({
      ...{ state: 'retrying', failuresInARow: 3 },
      lastError: {
        code: 'mixpanel_throttled',
        message: expect.stringContaining('Mixpanel answered 429'),
        at: new Date(1_800_000_000_000 - 10_000).toISOString(),
        resolvedAt: null,
      },
    });
    expect(test.delivery.status().nextAttemptInMs).toBeGreaterThan(79_000);
    test.journal.add(2);
    test.delivery.wake();
    await vi.advanceTimersByTimeAsync(79_000);
    expect(test.sent).toEqual([]);

    test.journal.stored = undefined;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(test.journal.completed.map(({ id }) => id)).toEqual([1, 2]);
    expect(test.delivery.status()).toMatchObject({
      state: 'idle',
      lastError: { resolvedAt: expect.any(String) },
    });
  });

  it('applies a wait that another replica stored at its next empty lease, and is idle again after it', async () => {
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.delivery.status().state).toBe('idle');
    test.journal.stored = waitOf(30_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(test.delivery.status().state).toBe('retrying');
    test.journal.stored = undefined;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(test.delivery.status()).toMatchObject({
      state: 'idle',
      lastError: { resolvedAt: expect.any(String) },
    });
  });
});
