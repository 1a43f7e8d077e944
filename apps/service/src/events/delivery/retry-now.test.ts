import { describe, expect, it, vi } from 'vitest';
import { type Answer, deliveryTest, imported } from '../../testing/delivery-test.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';

const test = deliveryTest();

const answered =
  (status: number, retryAfterMs?: number): Answer =>
  async () => ({ kind: 'answered', status, body: '', retryAfterMs });

/** Fails once with this answer; the batch then waits. */
async function failOnce(answer: Answer): Promise<void> {
  test.answer = answer;
  test.journal.add(1);
  test.delivery.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(test.sent).toHaveLength(1);
  test.answer = async events => imported(events.length);
  test.journal.add(2);
}

describe('sending what waits now', () => {
  it.each<[string, Answer]>([
    ['an error without a pause', answered(503)],
    ['refused credentials', answered(401)],
    ['a lost answer', async () => ({ kind: 'lost', why: 'ECONNREFUSED' })],
  ])('sends after %s, and ends the failure', async (_what, failure) => {
    await failOnce(failure);
    await vi.advanceTimersByTimeAsync(100);
    expect(test.sent).toHaveLength(1);
    expect(await test.delivery.retryNow()).toEqual({ outcome: 'retrying' });
    await vi.advanceTimersByTimeAsync(10);
    expect(test.sent).toHaveLength(2);
    expect(test.delivery.status()).toMatchObject({
      failuresInARow: 0,
      lastError: { resolvedAt: expect.any(String) },
    });
    expect(test.journal.madeDue).toEqual([expect.any(Number)]);
  });

  it.each<[string, Answer]>([
    ['429 with a time', answered(429, 40_000)],
    ['503 with a time', answered(503, 40_000)],
    ['429 without a time', answered(429)],
  ])('keeps the wait that Mixpanel asks for by %s, and says how long it is', async (_what, failure) => {
    await failOnce(failure);
    const retried = await test.delivery.retryNow();
    const { nextAttemptInMs } = test.delivery.status();
    expect(retried).toEqual({ outcome: 'waits', forMs: expect.any(Number) });
    expect(retried).toMatchObject({ forMs: expect.closeTo(nextAttemptInMs!, -2) });
    await vi.advanceTimersByTimeAsync(nextAttemptInMs! - 100);
    expect(test.sent).toHaveLength(1);
    expect(test.journal.madeDue).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(test.sent).toHaveLength(2);
  });

  it('keeps a wait that is in storage, of another process', async () => {
    test.journal.stored = {
      ...{
        forMs: 30_000,
        ageMs: 0,
        failures: 1,
        code: 'mixpanel_throttled',
        detail: 'Mixpanel answered 429',
      },
    };
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(await test.delivery.retryNow()).toMatchObject({ outcome: 'waits' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(test.sent).toEqual([]);
  });

  it('sends nothing beside a request in flight', async () => {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    test.answer = () => promise;
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(await test.delivery.retryNow()).toEqual({ outcome: 'sending' });
    expect(test.journal.madeDue).toEqual([]);
    await vi.advanceTimersByTimeAsync(10);
    expect(test.sent).toHaveLength(1);
    resolve(imported(1));
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.completed.map(({ id }) => id)).toEqual([1]);
  });

  it('waits longer after another failure, as after any', async () => {
    await failOnce(answered(503));
    test.answer = answered(503);
    const both = await Promise.all([test.delivery.retryNow(), test.delivery.retryNow()]);
    expect(both).toEqual([{ outcome: 'retrying' }, { outcome: 'sending' }]);
    await vi.advanceTimersByTimeAsync(10);
    expect(test.sent).toHaveLength(2);
    expect(test.delivery.status()).toMatchObject({ state: 'retrying', failuresInARow: 2 });
  });

  it('says that a held delivery sends nothing', async () => {
    expect(await test.delivery.retryNow()).toEqual({ outcome: 'held' });
  });
});
