import { Semaphore } from '@braze-mixpanel/concurrency';
import { type Attempt, attemptOf } from './attempt.ts';
import type { Connector, Delivery, OutgoingBatch } from './connector.ts';
import { Ledger } from './ledger.ts';
import { Outage } from './outage.ts';
import { type Batch, halves, Queue } from './queue.ts';
import { backoffDelay, delayBetween } from './retry-policy.ts';
import type { SenderPorts } from './sender-ports.ts';

/** The batches to send, by queue. */
type Work = readonly (readonly [Queue, readonly Batch[]])[];

/**
 * The sending side of a Current: queues, batches and the reaction to each answer.
 *
 * - One queue per event type. A batch is sent when it is full, when the flush interval is over, or on
 *   `flush`.
 * - An event is in exactly one place: `pending` (not yet in a batch), a batch in flight, `waiting` (sent
 *   again at the queue's retry time), `held` (wrong credentials), or counted as sent or dropped.
 * - 2XX: never sent again. 400: sent again at once one by one; a second 400 drops the event. 413: sent again
 *   at once in halves; a single event that is still too large is dropped (undocumented; it could never be
 *   accepted). 401, 403, 404 and everything else: by the retry policy.
 * - While the credentials are rejected, held batches wait and new events are tried once; the first 2XX sends
 *   everything held.
 * - A late batch waits for its own time, whatever else is sent.
 * - A failing Current is disabled after `disableAfter`, counted from its first failure since the last
 *   accepted batch. Its queues are dropped `keepAfterDisable` later.
 *
 * Delays (flush interval, retries, disabling) use the simulation clock: advancing it runs them in order and
 * waits for their requests. Only the request time-out uses real time, since it bounds a real connection.
 * Delivery is at least once: a request that timed out may have been accepted, and is sent again.
 */
export class CurrentsSender {
  readonly #queues = new Map<string, Queue>();
  readonly #ledger = new Ledger();
  readonly #inFlight: Semaphore;
  readonly #ports: SenderPorts;
  readonly #outage: Outage;
  readonly #closed = new AbortController();
  #connector: Connector;
  #running = true;

  constructor(connector: Connector, ports: SenderPorts) {
    this.#connector = connector;
    this.#ports = ports;
    this.#inFlight = new Semaphore(ports.settings().concurrency);
    this.#outage = new Outage(ports, {
      disable: () => {
        this.stop();
        ports.onDisable();
      },
      discard: () => {
        for (const queue of this.#queues.values())
          this.#ledger.dropped('queue of a disabled Current, not fetched in time', queue.discard());
      },
    });
  }

  /** Queues an encoded event. It is sent after the flush interval at the latest. */
  enqueue(eventType: string, text: string): void {
    let queue = this.#queues.get(eventType);
    if (!queue) {
      queue = new Queue(eventType, this.#ports.clock);
      this.#queues.set(eventType, queue);
    }
    queue.add(text, this.#ports.clock.now(), this.#connector.span);
    if (this.#running) this.#scheduleFlush(queue);
  }

  /** Sends full batches. Resolves when each has had its first attempt and the immediate retries. */
  sendFull(): Promise<Attempt[]> {
    return this.#send(queue => this.#cut(queue, false));
  }

  /**
   * Sends everything pending. Resolves when each batch has had its first attempt and the immediate retries.
   */
  flush(): Promise<Attempt[]> {
    return this.#send(queue => this.#cut(queue, true));
  }

  /** Sends one request outside the queues, without retry: a credential probe or test events. */
  async once(eventType: string, items: readonly string[]): Promise<Attempt> {
    const now = this.#ports.clock.now();
    const { outcome } = await this.#deliver({ eventType, items, queuedAt: now, late: now });
    return attemptOf(eventType, items.length, outcome ?? { error: 'not delivered' });
  }

  /** Stops the timers and keeps the queues. Requests in flight complete; their retries wait for `resume`. */
  stop(): void {
    this.#running = false;
    for (const queue of this.#queues.values()) queue.stop();
    this.#outage.recover();
  }

  /** Starts again, and sends at once everything pending, waiting or held. */
  async resume(): Promise<Attempt[]> {
    this.#outage.resume();
    this.#running = true;
    for (const queue of this.#queues.values()) {
      queue.failures = 0;
      queue.retry.stop();
      queue.waiting = [...queue.waiting, ...queue.held.splice(0)];
      this.#scheduleLate(queue);
    }
    const resent = await this.#send(queue => queue.waiting.splice(0));
    return [...resent, ...(await this.flush())];
  }

  /**
   * Replaces the connector, for example after a change of address or token, for everything sent from now on.
   */
  connect(connector: Connector): void {
    this.#connector = connector;
  }

  /** Stops for good and aborts requests in flight. */
  close(): void {
    this.stop();
    this.#outage.close();
    this.#closed.abort();
  }

  /** Counts an event that was dropped before it was queued. */
  drop(reason: string): void {
    this.#ledger.dropped(reason, 1);
  }

  /** Counters of sent, lost and queued events, and the outage. */
  report() {
    return {
      ...this.#ledger.report(),
      ...this.#outage.report(),
      queues: [...this.#queues.values()].map(queue => queue.depth()),
    };
  }

  #scheduleFlush(queue: Queue): void {
    queue.flush.start(this.#ports.settings().flushInterval, () =>
      this.#run([[queue, this.#cut(queue, true)]]),
    );
  }

  #scheduleLate(queue: Queue): void {
    const { nextLate } = queue;
    queue.release.stop();
    if (!this.#running || nextLate === undefined) return;
    const now = this.#ports.clock.now();
    queue.release.start(Math.max(0, nextLate - now), () => {
      const due = queue.takeLate(this.#ports.clock.now());
      this.#scheduleLate(queue);
      return this.#run([[queue, due]]);
    });
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
          batches.map(batch => this.#inFlight.run(() => this.#attempt(queue, batch, log))),
        ),
      );
      // Held batches, once the endpoint accepts batches again.
      const released = this.#running && !this.#outage.isActive;
      round = released ? this.#fromEach(queue => queue.held.splice(0)) : [];
    }
  }

  async #attempt(queue: Queue, batch: Batch, log: Attempt[]): Promise<void> {
    if (!this.#running) {
      queue.waiting.push(batch);
      return;
    }
    const { outcome, verdict } = await this.#deliver({ ...batch, eventType: queue.eventType });
    if (outcome) log.push(attemptOf(queue.eventType, batch.items.length, outcome));
    switch (verdict.kind) {
      case 'taken':
        this.#ledger.sent(batch.items.length - verdict.dropped);
        this.#ledger.dropped('refused by the receiver', verdict.dropped);
        queue.failures = 0;
        return this.#outage.recover();
      case 'alone':
        this.#outage.recover();
        if (batch.alone) return this.#ledger.dropped('refused twice with 400', batch.items.length);
        for (const item of batch.items)
          await this.#attempt(queue, { items: [item], queuedAt: batch.queuedAt, alone: true }, log);
        return;
      case 'later':
        queue.addLate({ ...batch, late: this.#ports.clock.now() + verdict.delay });
        return this.#scheduleLate(queue);
      case 'split':
        this.#outage.recover();
        if (batch.items.length === 1) return this.#ledger.dropped('alone, and still answered 413', 1);
        for (const half of halves(batch)) await this.#attempt(queue, half, log);
        return;
      default:
        if (this.#running) this.#outage.fail(outcome);
        return this.#keep(queue, batch, verdict.kind === 'refused');
    }
  }

  /** Handles a rejected batch: held, dropped, or sent again at the queue's retry time. */
  #keep(queue: Queue, batch: Batch, isRefused: boolean): void {
    const { clock, random, settings } = this.#ports;
    const { retry, backoff } = settings();
    const now = clock.now();
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
    // One retry time per queue: later failures join the scheduled retry.
    if (queue.retry.start(delay, () => this.#run([[queue, queue.waiting.splice(0)]]))) queue.failures += 1;
  }

  async #deliver(batch: OutgoingBatch): Promise<Delivery> {
    const { fetch, clock, settings } = this.#ports;
    const exchange = { fetch, timeout: settings().requestTimeout, signal: this.#closed.signal };
    const delivery = await this.#connector.deliver(batch, exchange);
    const { outcome, request } = delivery;
    if (outcome) this.#ledger.answered(clock.now(), outcome);
    if (outcome && request && !('file' in outcome)) {
      const { eventType, items } = batch;
      this.#ports.onSent?.({ eventType, events: items.length, at: clock.now(), request, answer: outcome });
    }
    return delivery;
  }
}
