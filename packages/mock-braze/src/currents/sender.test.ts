import { createClock } from '@braze-mixpanel/simulator-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customHttpConnector } from './custom-http.ts';
import { defaultBackoff, type RetryGeneration, retryPolicies } from './retry-policy.ts';
import { CurrentsSender } from './sender.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Received {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly ids: string[];
  readonly at: number;
}

/** A sender before an endpoint whose answers the test decides: a status, or an error for no answer at all. */
function world(
  answer: (ids: string[], request: number) => number | Error,
  { retry = 'newest' as RetryGeneration, batchSize = 100 } = {},
) {
  const clock = createClock({ frozen: true, start: Date.UTC(2026, 0, 1) });
  const received: Received[] = [];
  const taken: string[] = [];
  const world = { disabled: 0 };
  const sender = new CurrentsSender(
    customHttpConnector({
      endpoint: 'http://receiver.test/currents?workspace=A',
      token: 'secret',
      batchSize: () => batchSize,
    }),
    {
      clock,
      random: () => 0.5,
      fetch: async (url, init) => {
        const body = JSON.parse(String(init?.body)) as { events: { id: string }[] };
        const ids = body.events.map(event => event.id);
        received.push({
          url: String(url),
          headers: init?.headers as Record<string, string>,
          ids,
          at: clock.now(),
        });
        const given = answer(ids, received.length);
        if (given instanceof Error) throw given;
        if (given >= 200 && given < 300) taken.push(...ids);
        return new Response(given === 204 ? null : 'x'.repeat(1_000), { status: given });
      },
      settings: () => ({
        flushInterval: 5 * minute,
        concurrency: 4,
        requestTimeout: 1_000,
        retry: retryPolicies[retry],
        backoff: defaultBackoff,
      }),
      onDisable: () => {
        world.disabled += 1;
      },
    },
  );
  const happen = (eventType: string, ...ids: string[]) => {
    for (const id of ids) sender.enqueue(eventType, JSON.stringify({ event_type: eventType, id }));
  };
  return Object.assign(world, { clock, sender, received, taken, happen });
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
const waitingOf = (sender: CurrentsSender) =>
  sender.report().queues.reduce((sum, queue) => sum + queue.pending + queue.waiting + queue.held, 0);

describe('what a request of the Custom HTTP connector looks like', () => {
  it('is a JSON object with events, the version header and the bearer token', async () => {
    const { sender, received, happen } = world(() => 200);
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
    const { sender, received, happen } = world(() => 200, { batchSize: 2 });
    happen('a', '1', '2', '3');
    happen('b', '4');
    await sender.flush();
    expect(received.map(request => request.ids).sort()).toEqual([['1', '2'], ['3'], ['4']]);
  });
});

describe('when a batch leaves', () => {
  it('leaves at once when it is full, and with the flush interval when it is not', async () => {
    const { sender, received, clock, happen } = world(() => 200, { batchSize: 2 });
    happen('a', '1', '2', '3');
    await sender.sendFull();
    expect(received.map(request => request.ids)).toEqual([['1', '2']]);
    await clock.advance(5 * minute - 1);
    expect(received).toHaveLength(1);
    await clock.advance(1);
    expect(received.map(request => request.ids)).toEqual([['1', '2'], ['3']]);
  });

  it('leaves only once when it was flushed before its interval', async () => {
    const { sender, received, clock, happen } = world(() => 200);
    happen('a', '1');
    await sender.flush();
    await clock.advance(hour);
    expect(received).toHaveLength(1);
  });
});

describe('what follows from each status', () => {
  it.each([200, 201, 204, 299])('%i: the batch is never sent again', async status => {
    const { sender, received, clock, happen } = world(() => status);
    happen('a', '1', '2');
    const attempts = await sender.flush();
    await clock.advance(24 * hour);
    expect(attempts).toEqual([{ eventType: 'a', events: 2, status }]);
    expect(received).toHaveLength(1);
    expect(sender.report()).toMatchObject({ sent: 2, dropped: {} });
  });

  it('400: the batch comes again one event at a time, and an event refused when alone is dropped', async () => {
    const { sender, taken, happen } = world(ids => (ids.includes('bad') ? 400 : 200));
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

  it('400 for a batch of one event: it comes once more', async () => {
    const { sender, received, happen } = world((_, request) => (request === 1 ? 400 : 200));
    happen('a', '1');
    await sender.flush();
    expect(received).toHaveLength(2);
    expect(sender.report().sent).toBe(1);
  });

  it('413: the batch comes again in halves, and one event that is still too large is dropped', async () => {
    const { sender, taken, happen } = world(ids => (ids.length > 2 || ids.includes('huge') ? 413 : 200));
    happen('a', '1', '2', 'huge', '4', '5');
    await sender.flush();
    expect(taken.sort()).toEqual(['1', '2', '4', '5']);
    expect(sender.report().dropped).toEqual({ 'alone, and still answered 413': 1 });
  });

  it.each([429, 500, 503, 302, 418, new Error('connection refused')])(
    '%s: the batch comes again after a back-off that doubles',
    async failure => {
      const { sender, received, clock, happen } = world((_, request) => (request <= 3 ? failure : 200));
      const start = clock.now();
      happen('a', '1');
      await sender.flush();
      await clock.advance(minute);
      // Base 1 s, doubling, of which the upper half is random: 0.75 of 1 s, 2 s and 4 s here.
      expect(received.map(request => request.at - start)).toEqual([0, 750, 2_250, 5_250]);
      expect(sender.report()).toMatchObject({ sent: 1, failingSince: null });
    },
  );

  it('no answer in time counts as a failed connection, and says so', async () => {
    const { sender, happen } = world(() => new DOMException('', 'TimeoutError'));
    happen('a', '1');
    expect(await sender.flush()).toEqual([{ eventType: 'a', events: 1, error: 'no answer within 1000 ms' }]);
  });

  it('quotes no more than 200 characters of an answer', async () => {
    const { sender, happen } = world(() => 500);
    happen('a', '1');
    await sender.flush();
    expect(sender.report().lastAnswer).toMatchObject({ status: 500, body: 'x'.repeat(200) });
  });
});

describe('wrong credentials, as Braze treats them today', () => {
  it.each([401, 403, 404])('%i: the batch is held, and goes out after the first 2XX', async status => {
    let open = false;
    const { sender, received, taken, clock, happen } = world(() => (open ? 200 : status));
    happen('a', '1');
    await sender.flush();
    await clock.advance(24 * hour);
    expect(received).toHaveLength(1);
    open = true;
    happen('b', '2');
    await sender.flush();
    expect(taken).toEqual(['2', '1']);
  });

  it('are disabled after five days, and the queue is dropped seven days later', async () => {
    const failing = world(() => 401);
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

describe('wrong credentials, as Braze treated them before', () => {
  it('are tried again after two to five minutes, and dropped after 48 hours', async () => {
    const { sender, received, clock, happen } = world(() => 401, { retry: 'oldest' });
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
    const { sender, clock, happen } = world(() => 503, { retry: 'oldest' });
    happen('a', '1');
    await sender.flush();
    await clock.advance(25 * hour);
    expect(sender.report()).toMatchObject({ dropped: { 'not taken for 24 h': 1 } });
  });
});

describe('a Current that fails for days', () => {
  it('is disabled after five days without an answer that took a batch', async () => {
    const failing = world(() => 503);
    failing.happen('a', '1');
    await failing.sender.flush();
    await failing.clock.advance(5 * 24 * hour);
    const tries = failing.received.length;
    expect(failing.disabled).toBe(1);
    await failing.clock.advance(24 * hour);
    expect(failing.received).toHaveLength(tries);
  });

  it('tells since when it failed and why it was disabled, until it is launched again', async () => {
    let answer: number | Error = new Error('connection refused');
    const failing = world(() => answer);
    failing.happen('a', '1');
    await failing.sender.flush();
    expect(failing.sender.report()).toMatchObject({ disabledAt: null, disabledReason: null });
    answer = 503;
    await failing.clock.advance(6 * 24 * hour);
    expect(failing.sender.report()).toMatchObject({
      failingSince: '2026-01-01T00:00:00.000Z',
      disabledAt: '2026-01-06T00:00:00.000Z',
      disabledReason: expect.stringMatching(
        /^no batch was taken since 2026-01-01T00:00:00.000Z, and the last one was answered 503\. Launch/,
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

  it('starts to count anew after each success', async () => {
    let status = 503;
    const failing = world(() => status);
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

describe('stopping', () => {
  it('keeps the queue, and resuming sends it', async () => {
    const { sender, received, clock, happen } = world((_, request) => (request === 1 ? 503 : 200));
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

describe('events', () => {
  it('all arrive once or are counted as dropped, whatever the endpoint answered before it recovered', async () => {
    const answers = fc.array(fc.constantFrom(200, 400, 401, 413, 429, 503, 0), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 40 }), async (statuses, count) => {
        const left = [...statuses];
        const { sender, taken, clock, happen } = world(
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
