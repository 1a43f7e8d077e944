/**
 * Braze's side of a Current: queues, batches and what follows from each answer.
 *
 * - One queue per event type. A batch goes out when it is full, when the flush interval is over, or when `flush` asks for it.
 * - An event is in exactly one place: `pending` (not yet in a batch), a batch in flight, `waiting` (to be sent again at the
 *   queue's retry time), `held` (credentials refused), or counted as sent or dropped.
 * - 2XX: sent, never again. 400: at once again one by one, a second 400 drops the event. 413: at once again in halves; one
 *   event that is still too large is dropped (undocumented; it could never get through). 401, 403, 404 and everything
 *   else: by the retry policy.
 * - While a Current is refused, held batches rest, and new events are tried once: the first 2XX sends everything held.
 * - A failing Current is disabled after `disableAfter`, counted from its first failure since the last answer that took a
 *   batch. Its queues are dropped `keepAfterDisable` later.
 *
 * Waits (flush interval, retries, disabling) run on the simulation clock: advancing it fires them in order and waits until
 * their requests are answered. Only the request time-out runs on real time, since it bounds a real connection.
 * Delivery is at least once: a request that timed out may have been taken, and is sent again.
 */
import type { SimulationClock } from '@braze-mixpanel/simulator-kit';
import type { Connector } from './connector.ts';
import type { Answer } from './exchange.ts';
import { exchange } from './exchange.ts';
import { Ledger } from './ledger.ts';
import type { Batch, Queue } from './queue.ts';
import { cutBatches, depthOf, discard, emptyQueue, halves, stopFlush, stopRetry } from './queue.ts';
import type { Backoff, RetryPolicy } from './retry-policy.ts';
import { backoffDelay } from './retry-policy.ts';
import { Slots } from './slots.ts';

export interface SenderPorts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<SimulationClock, 'now' | 'schedule'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Asked anew each time, so that a change holds from the next request on (`concurrency`: for new Currents). */
  readonly settings: () => SenderSettings;
  /** The Current has failed for `disableAfter`; the sender has stopped itself. */
  readonly onDisable: () => void;
}

export interface SenderSettings {
  /** Milliseconds on the simulation clock; Braze: about five minutes. */
  readonly flushInterval: number;
  /** Requests in flight at once, over all queues. */
  readonly concurrency: number;
  /** Real milliseconds; undocumented at Braze. */
  readonly requestTimeout: number;
  readonly retry: RetryPolicy;
  readonly backoff: Backoff;
}

/** One request to the endpoint. */
export interface Attempt {
  readonly eventType: string;
  readonly events: number;
  readonly status?: number;
  /** Why there was no answer. */
  readonly error?: string;
}

export class CurrentsSender {
  readonly #queues = new Map<string, Queue>();
  readonly #ledger = new Ledger();
  readonly #slots: Slots;
  readonly #ports: SenderPorts;
  #connector: Connector;
  #running = true;
  #closed = new AbortController();
  #failingSince: number | undefined;
  #lastFailure = '';
  /** How it came that the sender stopped itself; kept until somebody starts it again. */
  #disabled: { readonly failingSince: number; readonly at: number; readonly reason: string } | undefined;
  #disable: (() => void) | undefined;
  #discard: (() => void) | undefined;

  constructor(connector: Connector, ports: SenderPorts) {
    this.#connector = connector;
    this.#ports = ports;
    this.#slots = new Slots(ports.settings().concurrency);
  }

  /** Puts one written event into its queue; it leaves with the flush interval at the latest. */
  enqueue(eventType: string, text: string): void {
    const queue = this.#queue(eventType);
    queue.pending.push(text);
    if (this.#running) this.#scheduleFlush(queue);
  }

  /** Sends full batches; resolves when each has had its first attempt and what follows from it at once. */
  sendFull(): Promise<Attempt[]> {
    return this.#sendPending(false);
  }

  /** Sends everything pending; resolves when each batch has had its first attempt and what follows from it at once. */
  flush(): Promise<Attempt[]> {
    return this.#sendPending(true);
  }

  /** One request outside the queues, never repeated: a credential probe, or test events. */
  async once(eventType: string, items: readonly string[]): Promise<Attempt> {
    const answer = await this.#post(items);
    return attemptOf(eventType, items.length, answer);
  }

  /** Timers stop, queues stay. Requests in flight end; what they would re-send waits for `resume`. */
  stop(): void {
    this.#running = false;
    for (const queue of this.#queues.values()) {
      stopFlush(queue);
      stopRetry(queue);
    }
    this.#recover();
  }

  /** Starts again, and sends at once everything that was pending, waiting or held. */
  async resume(): Promise<Attempt[]> {
    this.#discard?.();
    this.#discard = undefined;
    this.#disabled = undefined;
    this.#running = true;
    for (const queue of this.#queues.values()) {
      queue.failures = 0;
      stopRetry(queue);
      queue.waiting = [...queue.waiting, ...queue.held.splice(0)];
    }
    const log: Attempt[] = [];
    await this.#run(
      [...this.#queues.values()].map(queue => [queue, queue.waiting.splice(0)]),
      log,
    );
    return log.concat(await this.flush());
  }

  /** A new address or token for everything sent from now on. */
  connect(connector: Connector): void {
    this.#connector = connector;
  }

  /** Stops for good and breaks off requests in flight. */
  close(): void {
    this.stop();
    this.#discard?.();
    this.#closed.abort();
  }

  /** Counts an event that was given up before it reached a queue. */
  drop(reason: string): void {
    this.#ledger.dropped(reason, 1);
  }

  /** What it did and how it stands. A disabled sender still tells since when it had failed. */
  report() {
    return {
      ...this.#ledger.report(),
      failingSince: momentOf(this.#disabled?.failingSince ?? this.#failingSince),
      disabledAt: momentOf(this.#disabled?.at),
      disabledReason: this.#disabled?.reason ?? null,
      queues: [...this.#queues.values()].map(depthOf),
    };
  }

  #queue(eventType: string): Queue {
    let queue = this.#queues.get(eventType);
    if (!queue) {
      queue = emptyQueue(eventType);
      this.#queues.set(eventType, queue);
    }
    return queue;
  }

  #scheduleFlush(queue: Queue): void {
    queue.cancelFlush ??= this.#ports.clock.schedule(
      this.#ports.clock.now() + this.#ports.settings().flushInterval,
      async () => {
        queue.cancelFlush = undefined;
        await this.#run([[queue, this.#cut(queue, true)]], []);
      },
      `Currents flush of ${queue.eventType}`,
    );
  }

  async #sendPending(partial: boolean): Promise<Attempt[]> {
    const log: Attempt[] = [];
    if (!this.#running) return log;
    await this.#run(
      [...this.#queues.values()].map(queue => [queue, this.#cut(queue, partial)]),
      log,
    );
    return log;
  }

  #cut(queue: Queue, partial: boolean): Batch[] {
    return cutBatches(queue, this.#connector.batchSize, partial);
  }

  async #run(work: readonly (readonly [Queue, readonly Batch[]])[], log: Attempt[]): Promise<void> {
    let round = work;
    while (round.some(([, batches]) => batches.length > 0)) {
      await Promise.all(
        round.flatMap(([queue, batches]) =>
          batches.map(batch => this.#slots.use(() => this.#attempt(queue, batch, log))),
        ),
      );
      round = this.#takeReleased();
    }
  }

  /** Held batches, once the endpoint takes batches again. */
  #takeReleased(): (readonly [Queue, Batch[]])[] {
    if (!this.#running || this.#failingSince !== undefined) return [];
    return [...this.#queues.values()].map(queue => [queue, queue.held.splice(0)]);
  }

  async #attempt(queue: Queue, batch: Batch, log: Attempt[]): Promise<void> {
    if (!this.#running) {
      queue.waiting.push(batch);
      return;
    }
    const answer = await this.#post(batch.items);
    log.push(attemptOf(queue.eventType, batch.items.length, answer));
    const verdict =
      'status' in answer
        ? this.#connector.verdict(answer.status, answer.body)
        : ({ kind: 'transient' } as const);
    switch (verdict.kind) {
      case 'taken':
        this.#ledger.sent(batch.items.length - verdict.dropped);
        this.#ledger.dropped('refused by the receiver', verdict.dropped);
        queue.failures = 0;
        return this.#recover();
      case 'alone':
        this.#recover();
        if (batch.alone) return this.#ledger.dropped('refused twice with 400', batch.items.length);
        for (const item of batch.items) await this.#attempt(queue, { items: [item], alone: true }, log);
        return;
      case 'split':
        this.#recover();
        if (batch.items.length === 1) return this.#ledger.dropped('alone, and still answered 413', 1);
        for (const half of halves(batch)) await this.#attempt(queue, half, log);
        return;
      default:
        this.#lastFailure = 'status' in answer ? `was answered ${answer.status}` : `failed (${answer.error})`;
        return this.#keep(queue, batch, verdict.kind);
    }
  }

  #keep(queue: Queue, batch: Batch, failure: 'refused' | 'transient'): void {
    const now = this.#ports.clock.now();
    const { retry } = this.#ports.settings();
    this.#fail(now);
    batch.failedSince ??= now;
    if (failure === 'refused' && retry.refused.kind === 'held') {
      queue.held.push(batch);
      return;
    }
    const resent = failure === 'refused' && retry.refused.kind === 'resent' ? retry.refused : retry.transient;
    const { dropAfter } = resent;
    if (dropAfter !== undefined && now - batch.failedSince >= dropAfter) {
      this.#ledger.dropped(`not taken for ${Math.round(dropAfter / 3_600_000)} h`, batch.items.length);
      return;
    }
    queue.waiting.push(batch);
    if (this.#running) this.#scheduleRetry(queue, now, this.#delay(queue, failure));
  }

  #delay(queue: Queue, failure: 'refused' | 'transient'): number {
    const { retry, backoff } = this.#ports.settings();
    if (failure === 'refused' && retry.refused.kind === 'resent') {
      const [shortest, longest] = retry.refused.between;
      return Math.round(shortest + (longest - shortest) * this.#ports.random());
    }
    return backoffDelay(queue.failures, backoff, this.#ports.random);
  }

  /** One retry time per queue: what fails while it waits joins it. */
  #scheduleRetry(queue: Queue, now: number, delay: number): void {
    if (queue.retry) return;
    queue.failures += 1;
    const cancel = this.#ports.clock.schedule(
      now + delay,
      async () => {
        queue.retry = undefined;
        await this.#run([[queue, queue.waiting.splice(0)]], []);
      },
      `Currents retry of ${queue.eventType}`,
    );
    queue.retry = { at: now + delay, cancel };
  }

  #fail(now: number): void {
    if (!this.#running || this.#failingSince !== undefined) return;
    this.#failingSince = now;
    const { disableAfter } = this.#ports.settings().retry;
    if (disableAfter === undefined) return;
    this.#disable = this.#ports.clock.schedule(
      now + disableAfter,
      () => this.#giveUp(now),
      'Currents disabling',
    );
  }

  /** The endpoint took a batch, or someone changed the Current: failing starts to count anew. */
  #recover(): void {
    this.#failingSince = undefined;
    this.#disable?.();
    this.#disable = undefined;
  }

  #giveUp(failingSince: number): void {
    const at = this.#ports.clock.now();
    const reason = `no batch was taken since ${momentOf(failingSince)}, and the last one ${this.#lastFailure}. Launch the Current again to send its queue.`;
    this.#disabled = { failingSince, at, reason };
    this.stop();
    this.#discard = this.#ports.clock.schedule(
      at + this.#ports.settings().retry.keepAfterDisable,
      () => {
        for (const queue of this.#queues.values()) {
          this.#ledger.dropped('queue of a disabled Current, not fetched in time', discard(queue));
        }
      },
      'Currents queue of a disabled Current',
    );
    this.#ports.onDisable();
  }

  async #post(items: readonly string[]): Promise<Answer> {
    const { fetch: send, clock, settings } = this.#ports;
    const request = this.#connector.request(items);
    const answer = await exchange(send, request, settings().requestTimeout, this.#closed.signal);
    this.#ledger.answered(clock.now(), answer);
    return answer;
  }
}

function momentOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function attemptOf(eventType: string, events: number, answer: Answer): Attempt {
  return 'status' in answer
    ? { eventType, events, status: answer.status }
    : { eventType, events, error: answer.error };
}
