import type { LeaseRequest } from '@braze-mixpanel/storage';
import { describe, expect, it, vi } from 'vitest';
import { Secret } from '../../secrets/secret.ts';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { deliveryTest, imported } from '../../testing/delivery-test.ts';
import { batchOf, emailSend } from '../../testing/events.ts';
import { ConnectionDelivery } from './connection-delivery.ts';

const test = deliveryTest();

describe('a delivery that Mixpanel refuses', () => {
  it('warns once that Mixpanel refuses events, for any number of batches, and again after a quiet minute', async () => {
    const warn = vi.spyOn(test.logger, 'warn');
    const record = { index: 0, insert_id: '', field: 'properties.time', message: 'too old' };
    test.answer = async () => ({
      kind: 'answered',
      status: 400,
      body: JSON.stringify({ code: 400, failed_records: [record], num_records_imported: 0 }),
      retryAfterMs: undefined,
    });
    const refuse = async (id: number) => {
      test.journal.add(id);
      test.delivery.wake();
      await vi.advanceTimersByTimeAsync(1_000);
    };
    test.delivery.start();
    for (const id of [1, 2, 3]) await refuse(id);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![1]).toMatch(/rejected this event.*1 of 1 events.*properties\.time: too old/);
    expect(test.delivery.status()).toMatchObject({
      lastSuccessAt: undefined,
      lastError: { code: 'refused_by_mixpanel', resolvedAt: null },
    });

    await vi.advanceTimersByTimeAsync(61_000);
    await refuse(4);
    expect(warn).toHaveBeenCalledTimes(2);
    test.answer = async events => imported(events.length);
    await refuse(5);
    expect(test.delivery.status()).toMatchObject({
      lastSuccessAt: expect.any(String),
      lastError: { code: 'refused_by_mixpanel', resolvedAt: expect.any(String) },
    });
  });

  it('tries a refused configuration with its oldest batch only, reports it once, and resumes by itself once it is corrected', async () => {
    const warn = vi.spyOn(test.logger, 'warn');
    const leases: LeaseRequest[] = [];
    test.journal.lease = async request => {
      leases.push(request);
      return test.journal.waiting.splice(0, request.maxRows);
    };
    test.journal.release = async (_owner, ids, retry) => {
      test.journal.released.push({ ids, ...retry });
      for (const id of ids) test.journal.add(id);
    };
    test.answer = async () => ({ kind: 'answered', status: 401, body: '{}', retryAfterMs: undefined });
    for (const id of [1, 2, 3]) test.journal.add(id);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(900_000);
    expect(test.delivery.status()).toMatchObject({ state: 'parked', requestsAtMost: 1 });
    expect(test.sent.map(events => events.length)).toEqual([3, 1, 1, 1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![1]).toMatch(/rejected the credentials/);

    test.answer = async events => imported(events.length);
    await vi.advanceTimersByTimeAsync(305_000);
    expect(test.delivery.status().state).toBe('idle');
    expect(test.journal.completed.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(leases.at(-1)!.maxRows).toBe(2_000);
  });

  it('does not treat a batch of which nothing is sent as proof that Mixpanel accepts the credentials again', async () => {
    test.answer = async () => ({ kind: 'answered', status: 401, body: '{}', retryAfterMs: undefined });
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    const skipped = { ...emailSend(), user: {} };
    test.journal.add(2, { body: new TextEncoder().encode(JSON.stringify(batchOf(skipped))) });
    await vi.advanceTimersByTimeAsync(301_000);
    expect(test.journal.completed).toMatchObject([{ id: 2, skipped: { no_external_user_id: 1 } }]);
    expect(test.delivery.status()).toMatchObject({ state: 'parked', lastError: { resolvedAt: null } });
  });

  it('reports since when Mixpanel refuses, until it accepts again', async () => {
    const started = Date.now();
    test.answer = async () => ({ kind: 'answered', status: 401, body: '{}', retryAfterMs: undefined });
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    const first = test.delivery.status().lastError!;
    expect(first.since).toBe(first.at);
    await vi.advanceTimersByTimeAsync(301_000);
    const later = test.delivery.status().lastError!;
    expect(Date.parse(later.at)).toBeGreaterThan(started + 60_000);
    expect(later.since).toBe(first.since);
  });

  it('interprets the raw answer, also where a secret is so short that every answer contains it', async () => {
    test.delivery = new ConnectionDelivery({
      ...test.options(),
      withoutSecrets: withoutSecretsOf(new Secret('t')),
    });
    test.journal.add(1);
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(test.journal.completed).toMatchObject([{ id: 1, imported: 1 }]);
    const said = `${'x'.repeat(299)}t`;
    test.answer = async () => ({ kind: 'answered', status: 401, body: said, retryAfterMs: undefined });
    test.journal.add(2);
    test.delivery.wake();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(test.delivery.status().lastError?.message).not.toContain('xt');
  });

  it('allows more requests while all of them succeed, and one after a failure', async () => {
    const waiting: (() => void)[] = [];
    test.answer = events =>
      new Promise(resolve => {
        waiting.push(() => resolve(imported(events.length)));
      });
    let next = 0;
    test.journal.lease = async () => {
      next += 1;
      test.journal.add(next);
      return test.journal.waiting.splice(0);
    };
    const crowded = new ConnectionDelivery({
      ...test.options(),
      config: { ...test.options().config, concurrency: 10 },
    });
    crowded.start();
    for (let round = 0; round < 60; round += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      for (const resolve of waiting.splice(0)) resolve();
    }
    expect(crowded.status().requestsAtMost).toBe(10);
    test.answer = async () => ({ kind: 'answered', status: 429, body: '{}', retryAfterMs: undefined });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(crowded.status()).toMatchObject({ state: 'retrying', requestsAtMost: 1 });
    const stopped = crowded.stop(0);
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
  });
});
