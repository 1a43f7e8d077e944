import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hour, many, minute, senderWorld, waitingOf } from '../testing/sender-world.ts';

describe('a request of the Custom HTTP connector', () => {
  it('is a JSON object with events, the version header and the bearer token', async () => {
    const { sender, received, happen } = senderWorld(() => 200);
    happen('a', '1');
    await sender.flush();
    expect(received).toMatchObject([
      {
        url: 'http://receiver.test/currents?workspace=A',
        headers: {
          'Content-Type': 'application/json',
          'Braze-Currents-Version': '1',
          Authorization: 'Bearer secret',
        },
        ids: ['1'],
      },
    ]);
  });

  it('holds events of one type only, up to the batch size', async () => {
    const { sender, received, happen } = senderWorld(() => 200, { batchSize: 2 });
    happen('a', '1', '2', '3');
    happen('b', '4');
    await sender.flush();
    expect(received.map(request => request.ids).sort()).toEqual([['1', '2'], ['3'], ['4']]);
  });
});

describe('a batch', () => {
  it('is sent at once if it is full, otherwise at the flush interval', async () => {
    const { sender, received, clock, happen } = senderWorld(() => 200, { batchSize: 2 });
    happen('a', '1', '2', '3');
    await sender.sendFull();
    expect(received.map(request => request.ids)).toEqual([['1', '2']]);
    await clock.advance(5 * minute - 1);
    expect(received).toHaveLength(1);
    await clock.advance(1);
    expect(received.map(request => request.ids)).toEqual([['1', '2'], ['3']]);
  });

  it('is sent only once if it was flushed before the interval', async () => {
    const { sender, received, clock, happen } = senderWorld(() => 200);
    happen('a', '1');
    await sender.flush();
    await clock.advance(hour);
    expect(received).toHaveLength(1);
  });
});

describe('the reaction to an answer', () => {
  it.each([200, 201, 204, 299])('%i: the batch is never sent again', async status => {
    const { sender, received, clock, happen } = senderWorld(() => status);
    happen('a', '1', '2');
    const attempts = await sender.flush();
    await clock.advance(24 * hour);
    expect(attempts).toEqual([{ eventType: 'a', events: 2, status }]);
    expect(received).toHaveLength(1);
    expect(sender.report()).toMatchObject({ sent: 2, dropped: {} });
  });

  it('400: the batch is sent again one event at a time, and an event rejected on its own is dropped', async () => {
    const { sender, taken, happen } = senderWorld(ids => (ids.includes('bad') ? 400 : 200));
    happen('a', '1', 'bad', '2');
    const attempts = await sender.flush();
    expect(attempts.map(({ events, status }) => [events, status])).toEqual([
      [3, 400],
      [1, 200],
      [1, 400],
      [1, 200],
    ]);
    expect(taken).toEqual(['1', '2']);
    expect(sender.report()).toMatchObject({ sent: 2, dropped: { 'refused twice with 400': 1 } });
  });

  it('400 for a batch of one event: it is sent once more', async () => {
    const { sender, received, happen } = senderWorld((_, request) => (request === 1 ? 400 : 200));
    happen('a', '1');
    await sender.flush();
    expect(received).toHaveLength(2);
    expect(sender.report().sent).toBe(1);
  });

  it('413: the batch is sent again in halves, and a single event that is still too large is dropped', async () => {
    const { sender, taken, happen } = senderWorld(ids =>
      ids.length > 2 || ids.includes('huge') ? 413 : 200,
    );
    happen('a', '1', '2', 'huge', '4', '5');
    await sender.flush();
    expect(taken.sort()).toEqual(['1', '2', '4', '5']);
    expect(sender.report().dropped).toEqual({ 'alone, and still answered 413': 1 });
  });

  it.each([429, 500, 503, 302, 418, new Error('connection refused')])(
    '%s: the batch is sent again with exponential back-off',
    async failure => {
      const { sender, received, clock, happen } = senderWorld((_, request) => (request <= 3 ? failure : 200));
      const start = clock.now();
      happen('a', '1');
      await sender.flush();
      await clock.advance(minute);
      // Base 1 s, doubling, with the upper half random: 0.75 of 1 s, 2 s and 4 s here.
      expect(received.map(request => request.at - start)).toEqual([0, 750, 2_250, 5_250]);
      expect(sender.report()).toMatchObject({ sent: 1, failingSince: null });
    },
  );

  it('a longer failure: the waits stop growing at 15 minutes', async () => {
    const { sender, received, clock, happen } = senderWorld(() => 503);
    happen('a', '1');
    await sender.flush();
    await clock.advance(3 * hour);
    const waits = received.slice(1).map(({ at }, index) => at - received[index]!.at);
    expect([waits[0], Math.max(...waits)]).toEqual([750, 0.75 * 15 * minute]);
  });

  it('no answer in time: it counts as a failed connection, and the report names the time-out', async () => {
    const { sender, happen } = senderWorld(() => new DOMException('', 'TimeoutError'));
    happen('a', '1');
    expect(await sender.flush()).toEqual([{ eventType: 'a', events: 1, error: 'no answer within 1000 ms' }]);
  });

  it('any other answer: the report quotes at most 200 characters', async () => {
    const { sender, happen } = senderWorld(() => 500);
    happen('a', '1');
    await sender.flush();
    expect(sender.report().lastAnswer).toMatchObject({ status: 500, body: 'x'.repeat(200) });
  });
});

describe('a stopped sender', () => {
  it('keeps its queue, and sends it after resuming', async () => {
    const { sender, received, clock, happen } = senderWorld((_, request) => (request === 1 ? 503 : 200));
    happen('a', '1');
    await sender.flush();
    sender.stop();
    happen('a', '2');
    await clock.advance(hour);
    expect(received).toHaveLength(1);
    await sender.resume();
    expect(sender.report().sent).toBe(2);
  });
});

describe('all events', () => {
  it('arrive once or are counted as dropped, whatever the endpoint answered before it recovered', async () => {
    const answers = fc.array(fc.constantFrom(200, 400, 401, 413, 429, 503, 0), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 40 }), async (statuses, count) => {
        const left = [...statuses];
        const { sender, taken, clock, happen } = senderWorld(
          () => {
            const status = left.shift() ?? 200;
            return status === 0 ? new Error('reset') : status;
          },
          { batchSize: 7 },
        );
        const ids = many(count);
        for (const id of ids) happen(Number(id.slice(1)) % 2 ? 'a' : 'b', id);
        await sender.flush();
        await clock.advance(12 * hour);
        left.length = 0;
        happen('c', 'first after the recovery');
        await sender.flush();
        await clock.advance(12 * hour);
        const { sent, dropped } = sender.report();
        const lost = Object.values(dropped).reduce((sum, number) => sum + number, 0);
        expect(sent).toBe(taken.length);
        expect(new Set(taken).size).toBe(taken.length);
        expect(sent + lost).toBe(count + 1);
        expect(waitingOf(sender)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
