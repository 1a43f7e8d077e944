import { type Answer, post, type SimulationClock } from '@braze-mixpanel/simulator-kit';
import type { Connector, Verdict } from './connector.ts';
import { Ledger } from './ledger.ts';
import { type Batch, halves, Queue } from './queue.ts';
import { type Backoff, backoffDelay, delayBetween, type RetryPolicy } from './retry-policy.ts';
import { Semaphore } from './semaphore.ts';
import { Timer } from './timer.ts';

/** What a sender uses of the world. */
export interface SenderPorts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<SimulationClock, 'now' | 'schedule'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Called for each request, so that a change holds from the next one on (`concurrency`: for new Currents). */
  readonly settings: () => SenderSettings;
  /** The Current has failed for `disableAfter`; the sender has stopped itself. */
  readonly onDisable: () => void;
}

/** How a sender batches and tries again. */
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

/** What is sent next: batches by their queue. */
type Work = readonly (readonly [Queue, readonly Batch[]])[];

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
export class CurrentsSender {
  readonly #queues = new Map<string, Queue>();
  readonly #ledger = new Ledger();
  readonly #inFlight: Semaphore;
  readonly #ports: SenderPorts;
  readonly #disabling: Timer;
  readonly #discarding: Timer;
  readonly #closed = new AbortController();
  #connector: Connector;
  #running = true;
  #failingSince: number | undefined;
  #lastFailure = '';
  /** Why the sender stopped itself; kept until it is started again. */
  #disabled: { readonly failingSince: number; readonly at: number; readonly reason: string } | undefined;

  constructor(connector: Connector, ports: SenderPorts) {
    this.#connector = connector;
    this.#ports = ports;
    this.#inFlight = new Semaphore(ports.settings().concurrency);
    this.#disabling = new Timer(ports.clock, 'Currents disabling');
    this.#discarding = new Timer(ports.clock, 'Currents queue of a disabled Current');
  }

  /** Puts one written event into its queue; it leaves with the flush interval at the latest. */
  enqueue(eventType: string, text: string): void {
    let queue = this.#queues.get(eventType);
    if (!queue) {
      queue = new Queue(eventType, this.#ports.clock);
      this.#queues.set(eventType, queue);
    }
    queue.add(text);
    if (this.#running) this.#scheduleFlush(queue);
  }

  /** Sends full batches; resolves when each has had its first attempt and what follows from it at once. */
  sendFull(): Promise<Attempt[]> {
    return this.#send(queue => this.#cut(queue, false));
  }

  /** Sends everything pending; resolves when each batch has had its first attempt and what follows from it at once. */
  flush(): Promise<Attempt[]> {
    return this.#send(queue => this.#cut(queue, true));
  }

  /** One request outside the queues, never repeated: a credential probe, or test events. */
  async once(eventType: string, items: readonly string[]): Promise<Attempt> {
    return attemptOf(eventType, items.length, await this.#post(items));
  }

  /** Timers stop, queues stay. Requests in flight end; what they would re-send waits for `resume`. */
  stop(): void {
    this.#running = false;
    for (const queue of this.#queues.values()) queue.stop();
    this.#recover();
  }

  /** Starts again, and sends at once everything that was pending, waiting or held. */
  async resume(): Promise<Attempt[]> {
    this.#discarding.stop();
    this.#disabled = undefined;
    this.#running = true;
    for (const queue of this.#queues.values()) {
      queue.failures = 0;
      queue.retry.stop();
      queue.waiting = [...queue.waiting, ...queue.held.splice(0)];
    }
    const resent = await this.#send(queue => queue.waiting.splice(0));
    return [...resent, ...(await this.flush())];
  }

  /** A new address or token for everything sent from now on. */
  connect(connector: Connector): void {
    this.#connector = connector;
  }

  /** Stops for good and aborts requests in flight. */
  close(): void {
    this.stop();
    this.#discarding.stop();
    this.#closed.abort();
  }

  /** Counts an event that was given up before it reached a queue. */
  drop(reason: string): void {
    this.#ledger.dropped(reason, 1);
  }

  /** What it sent, what it lost and what it holds. A disabled sender still shows since when it had failed. */
  report() {
    return {
      ...this.#ledger.report(),
      failingSince: momentOf(this.#disabled?.failingSince ?? this.#failingSince),
      disabledAt: momentOf(this.#disabled?.at),
      disabledReason: this.#disabled?.reason ?? null,
      queues: [...this.#queues.values()].map(queue => queue.depth()),
    };
  }

  #scheduleFlush(queue: Queue): void {
    queue.flush.start(this.#ports.settings().flushInterval, () =>
      this.#run([[queue, this.#cut(queue, true)]]),
    );
  }

  #cut(queue: Queue, partial: boolean): Batch[] {
    return queue.cut(this.#connector.batchSize, partial);
  }

  #fromEach(take: (queue: Queue) => Batch[]): Work {
    return [...this.#queues.values()].map(queue => [queue, take(queue)]);
  }

  async #send(take: (queue: Queue) => Batch[]): Promise<Attempt[]> {
    const log: Attempt[] = [];
    if (this.#running) await this.#run(this.#fromEach(take), log);
    return log;
  }

  async #run(work: Work, log: Attempt[] = []): Promise<void> {
    let round = work;
    while (round.some(([, batches]) => batches.length > 0)) {
      await Promise.all(
        round.flatMap(([queue, batches]) =>
          batches.map(batch => this.#inFlight.use(() => this.#attempt(queue, batch, log))),
        ),
      );
      // Held batches, once the endpoint accepts batches again.
      const released = this.#running && this.#failingSince === undefined;
      round = released ? this.#fromEach(queue => queue.held.splice(0)) : [];
    }
  }

  async #attempt(queue: Queue, batch: Batch, log: Attempt[]): Promise<void> {
    if (!this.#running) {
      queue.waiting.push(batch);
      return;
    }
    const answer = await this.#post(batch.items);
    log.push(attemptOf(queue.eventType, batch.items.length, answer));
    const answered = 'status' in answer;
    const verdict: Verdict = answered
      ? this.#connector.verdict(answer.status, answer.body)
      : { kind: 'transient' };
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
        this.#lastFailure = answered ? `was answered ${answer.status}` : `failed (${answer.error})`;
        return this.#keep(queue, batch, verdict.kind === 'refused');
    }
  }

  /** A batch that was not taken: held, dropped, or sent again at the queue's retry time. */
  #keep(queue: Queue, batch: Batch, isRefused: boolean): void {
    const { clock, random, settings } = this.#ports;
    const { retry, backoff } = settings();
    const now = clock.now();
    this.#fail(now);
    batch.failedSince ??= now;
    if (isRefused && retry.refused.kind === 'held') {
      queue.held.push(batch);
      return;
    }
    const resent = isRefused && retry.refused.kind === 'resent' ? retry.refused : undefined;
    const { dropAfter } = resent ?? retry.transient;
    if (dropAfter !== undefined && now - batch.failedSince >= dropAfter) {
      this.#ledger.dropped(`not taken for ${Math.round(dropAfter / 3_600_000)} h`, batch.items.length);
      return;
    }
    queue.waiting.push(batch);
    if (!this.#running) return;
    const delay = resent
      ? delayBetween(resent.between, random)
      : backoffDelay(queue.failures, backoff, random);
    // One retry time per queue: what fails while it waits joins it.
    if (queue.retry.start(delay, () => this.#run([[queue, queue.waiting.splice(0)]]))) queue.failures += 1;
  }

  #fail(now: number): void {
    if (!this.#running || this.#failingSince !== undefined) return;
    this.#failingSince = now;
    const { disableAfter } = this.#ports.settings().retry;
    if (disableAfter !== undefined) this.#disabling.start(disableAfter, () => this.#disable(now));
  }

  /** The endpoint took a batch, or the Current was changed: failing starts to count anew. */
  #recover(): void {
    this.#failingSince = undefined;
    this.#disabling.stop();
  }

  #disable(failingSince: number): void {
    const { clock, onDisable, settings } = this.#ports;
    const reason = `no batch was taken since ${momentOf(failingSince)}, and the last one ${this.#lastFailure}. Launch the Current again to send its queue.`;
    this.#disabled = { failingSince, at: clock.now(), reason };
    this.stop();
    this.#discarding.start(settings().retry.keepAfterDisable, () => {
      for (const queue of this.#queues.values())
        this.#ledger.dropped('queue of a disabled Current, not fetched in time', queue.discard());
    });
    onDisable();
  }

  async #post(items: readonly string[]): Promise<Answer> {
    const { fetch: send, clock, settings } = this.#ports;
    const request = this.#connector.request(items);
    const answer = await post(send, request, settings().requestTimeout, this.#closed.signal);
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
