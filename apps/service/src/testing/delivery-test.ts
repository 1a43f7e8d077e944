import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, vi } from 'vitest';
import { epochMs, monotonicMs, realMonotonic } from '../clock/index.ts';
import {
  ConnectionDelivery,
  type ConnectionDeliveryOptions,
} from '../events/delivery/connection-delivery.ts';
import { Slices } from '../events/delivery/slices.ts';
import { SuspectSlot } from '../events/delivery/suspect-slot.ts';
import { MemoryBound } from '../events/ingest/memory-bound.ts';
import type { Exchange } from '../vendor-http/exchange.ts';
import { RecordingJournal } from './recording-journal.ts';

export type Answer = (events: readonly string[]) => Promise<Exchange>;

/** Mixpanel's answer to an import of that many events. */
export const imported = (count: number): Exchange => ({
  kind: 'answered',
  status: 200,
  body: JSON.stringify({ code: 200, num_records_imported: count, status: 'OK' }),
  retryAfterMs: undefined,
});

/**
 * The delivery of one connection under fake timers, from a journal in memory to answers that a test gives.
 */
export interface DeliveryTest {
  journal: RecordingJournal;
  /** Events of each request. */
  sent: (readonly string[])[];
  answer: Answer;
  delivery: ConnectionDelivery;
  readonly logger: Logger;
  options(): ConnectionDeliveryOptions;
}

/** A new delivery for each test of the file or suite. */
export function deliveryTest(): DeliveryTest {
  const test = { logger: pino({ level: 'silent' }), options: () => optionsOf(test) } as DeliveryTest;
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    test.journal = new RecordingJournal();
    test.sent = [];
    test.answer = async events => imported(events.length);
    test.delivery = new ConnectionDelivery(test.options());
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    const stopped = test.delivery.stop(0);
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    vi.useRealTimers();
  });
  return test;
}

const optionsOf = (test: DeliveryTest): ConnectionDeliveryOptions => ({
  connection: 'default',
  owner: 'test',
  journal: test.journal,
  send: events => {
    const texts = events.map(({ json }) => json);
    test.sent.push(texts);
    return test.answer(texts);
  },
  config: {
    concurrency: 2,
    timeoutMs: 30_000,
    retryBaseMs: 2_000,
    retryMaxMs: 60_000,
    parkMs: 300_000,
    leaseMs: 60_000,
  },
  memory: new MemoryBound(1_000_000),
  suspects: new SuspectSlot(),
  slices: new Slices(() => monotonicMs(0)),
  logger: test.logger,
  withoutSecrets: text => text,
  random: () => 0,
  now: () => epochMs(1_800_000_000_000),
  monotonic: realMonotonic,
});
