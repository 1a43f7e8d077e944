import { describe, expect, it } from 'vitest';
import { hour, senderWorld, waitingOf } from '../testing/sender-world.ts';

describe('wrong credentials, in the newest retry generation', () => {
  it.each([401, 403, 404])('%i: the batch is held, and sent after the first 2XX', async status => {
    let open = false;
    const { sender, received, taken, clock, happen } = senderWorld(() => (open ? 200 : status));
    happen('a', '1');
    await sender.flush();
    await clock.advance(24 * hour);
    expect(received).toHaveLength(1);
    open = true;
    happen('b', '2');
    await sender.flush();
    expect(taken).toEqual(['2', '1']);
  });

  it('disable the Current after five days, and the queue is dropped seven days later', async () => {
    const failing = senderWorld(() => 401);
    failing.happen('a', '1', '2');
    await failing.sender.flush();
    await failing.clock.advance(5 * 24 * hour - 1);
    expect(failing.disabled).toBe(0);
    await failing.clock.advance(1);
    expect(failing.disabled).toBe(1);
    expect(waitingOf(failing.sender)).toBe(2);
    await failing.clock.advance(7 * 24 * hour);
    expect(waitingOf(failing.sender)).toBe(0);
    expect(failing.sender.report().dropped).toEqual({
      'queue of a disabled Current, not fetched in time': 2,
    });
  });
});

describe('wrong credentials, in the oldest retry generation', () => {
  it('are retried after two to five minutes, and dropped after 48 hours', async () => {
    const { sender, received, clock, happen } = senderWorld(() => 401, { retry: 'oldest' });
    happen('a', '1');
    await sender.flush();
    await clock.advance(210_000 - 1);
    expect(received).toHaveLength(1);
    await clock.advance(1);
    expect(received).toHaveLength(2);
    await clock.advance(48 * hour);
    const tries = received.length;
    await clock.advance(48 * hour);
    expect(received).toHaveLength(tries);
    expect(sender.report()).toMatchObject({ dropped: { 'not taken for 48 h': 1 } });
  });

  it('other failures are dropped after 24 hours', async () => {
    const { sender, clock, happen } = senderWorld(() => 503, { retry: 'oldest' });
    happen('a', '1');
    await sender.flush();
    await clock.advance(25 * hour);
    expect(sender.report()).toMatchObject({ dropped: { 'not taken for 24 h': 1 } });
  });
});

describe('a Current that fails for days', () => {
  it('is disabled after five days without an accepted batch', async () => {
    const failing = senderWorld(() => 503);
    failing.happen('a', '1');
    await failing.sender.flush();
    await failing.clock.advance(5 * 24 * hour);
    const tries = failing.received.length;
    expect(failing.disabled).toBe(1);
    await failing.clock.advance(24 * hour);
    expect(failing.received).toHaveLength(tries);
  });

  it('shows the time of its first failure and the reason for disabling, until it is launched again', async () => {
    let answer: number | Error = new Error('connection refused');
    const failing = senderWorld(() => answer);
    failing.happen('a', '1');
    await failing.sender.flush();
    expect(failing.sender.report()).toMatchObject({ disabledAt: null, disabledReason: null });
    answer = 503;
    await failing.clock.advance(6 * 24 * hour);
    expect(failing.sender.report()).toMatchObject({
      failingSince: '2026-01-01T00:00:00.000Z',
      disabledAt: '2026-01-06T00:00:00.000Z',
      disabledReason: expect.stringMatching(
        /^no batch was accepted since 2026-01-01T00:00:00.000Z, and the last one was answered 503\. Launch/,
      ),
    });
    answer = 200;
    await failing.sender.resume();
    expect(failing.sender.report()).toMatchObject({
      failingSince: null,
      disabledAt: null,
      disabledReason: null,
      sent: 1,
    });
  });

  it('restarts the count after each success', async () => {
    let status = 503;
    const failing = senderWorld(() => status);
    failing.happen('a', '1');
    await failing.sender.flush();
    await failing.clock.advance(4 * 24 * hour);
    status = 200;
    await failing.clock.advance(hour);
    status = 503;
    failing.happen('a', '2');
    await failing.sender.flush();
    await failing.clock.advance(4 * 24 * hour);
    expect(failing.disabled).toBe(0);
  });
});
