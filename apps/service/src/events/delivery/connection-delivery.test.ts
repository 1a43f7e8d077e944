import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { describe, expect, it, vi } from 'vitest';
import { deliveryTest, imported } from '../../testing/delivery-test.ts';
import type { Exchange } from '../../vendor-http/exchange.ts';

const test = deliveryTest();

describe('the delivery of a connection', () => {
  it('renews its leases for as long as a request is in flight', async () => {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    test.answer = () => promise;
    test.journal.add(7);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(test.journal.renewed).toEqual([[7], [7], [7]]);
    resolve(imported(1));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(test.journal.renewed).toHaveLength(3);
    expect(test.journal.completed).toMatchObject([{ id: 7, imported: 1 }]);
  });

  it('sets aside a batch that it cannot read, reports it, and delivers the others', async () => {
    test.journal.add(1, { profile: '{"generation":"2999-01","selection":null,"sendUnlisted":false}' });
    test.journal.add(2);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.completed).toMatchObject([{ id: 2, imported: 1 }]);
    expect(test.journal.released).toEqual([{ ids: [1], delayMs: 300_000, attempt: true }]);
    const { lastError } = test.delivery.status();
    expect(lastError).toMatchObject({
      code: 'batch_unreadable',
      message: expect.stringContaining('2999-01'),
    });
  });

  it('releases rows whose outcome storage refuses: they are sent again', async () => {
    test.journal.failToComplete = 1;
    test.journal.add(3);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.completed).toEqual([]);
    expect(test.journal.released).toEqual([{ ids: [3], delayMs: 3_150, attempt: true }]);
    expect(test.delivery.status()).toMatchObject({
      state: 'retrying',
      lastError: { code: 'outcome_not_stored' },
    });

    test.journal.add(3, { attempts: 1 });
    await vi.advanceTimersByTimeAsync(3_200);
    expect(test.journal.completed).toMatchObject([{ id: 3 }]);
    expect(test.delivery.status().state).toBe('idle');
  });

  it('releases later the rows whose release storage refused at first, before their leases expire', async () => {
    test.journal.failToComplete = 1;
    test.journal.failToRelease = 2;
    test.journal.add(5);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.released).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_500);
    expect(test.delivery.status().state).toBe('retrying');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(test.journal.released).toEqual([{ ids: [5], delayMs: 0, attempt: true }]);
  });

  it('collects a trickle: batches that arrive one by one share requests', async () => {
    test.delivery.start();
    for (let id = 0; id < 100; id += 1) {
      test.journal.add(id);
      test.delivery.wake();
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(test.journal.completed).toHaveLength(100);
    expect(test.sent.length).toBeLessThanOrEqual(5);
  });

  it('polls storage once a second for rows without a wake signal', async () => {
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(5);
    test.journal.add(9);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(test.journal.completed).toMatchObject([{ id: 9 }]);
  });

  it('releases rows at once, without counting an attempt, when it is stopped before an answer', async () => {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    test.answer = () => promise;
    test.journal.add(4);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    const stopped = test.delivery.stop(0);
    resolve({ kind: 'lost', why: 'the service is stopping' });
    await vi.advanceTimersByTimeAsync(10);
    await stopped;
    expect(test.journal.released).toEqual([{ ids: [4], delayMs: 0, attempt: false }]);
  });

  it('sends nothing of a batch that was accepted in shadow mode: its events are checked, skipped and counted by day', async () => {
    const shadow = mappingOptionsText({ catalogueVersion: catalogue2022_06, shadow: true });
    test.journal.add(1, { profile: shadow, receivedAt: 1_800_000_000_000 });
    test.journal.add(2);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.sent).toHaveLength(1);
    expect(test.journal.completed).toMatchObject([
      {
        ...{ id: 1, imported: 0, skipped: { shadow: 1 }, deadLetters: [] },
        days: [{ day: '2023-11-14', event: 'Email Send', count: 1 }],
      },
      { id: 2, imported: 1, skipped: {}, days: [{ event: 'Email Send', count: 1 }] },
    ]);
    expect(test.delivery.status().lastSuccessAt).toBeDefined();
  });
});
