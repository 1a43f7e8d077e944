import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SentBatch } from './batches.ts';
import type { Moments } from './moments.ts';

/**
 * Braze's part: several lanes, each sends one batch after the other, and again what was not acknowledged by 2XX, until it is. Now and then
 * it breaks off in the middle of a body, or goes away before the answer: the batch may be stored then, and comes again.
 */
export interface Lanes {
  readonly lanes: number;
  readonly token: string;
  readonly random: () => number;
  readonly next: () => SentBatch;
  /** Where the service listens now; undefined while it is away. */
  readonly address: () => string | undefined;
  readonly moments: Moments;
}

export class Braze {
  /** Every batch of which a byte was sent. */
  readonly batches: SentBatch[] = [];
  /** Events that were answered 2XX, each time they were. */
  acknowledged = 0;
  /** Events whose batch was sent far enough that it may have been stored, each time it was. */
  attempted = 0;
  /** Batches sent, each time they were. */
  requests = 0;
  readonly #options: Lanes;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #running: Promise<void>[];
  #steady = false;
  #stopping = false;

  constructor(options: Lanes) {
    this.#options = options;
    this.#running = Array.from({ length: options.lanes }, () => this.#lane());
  }

  /** Makes no new batches and breaks off no more; resolves when the last one was acknowledged. */
  async drain(): Promise<void> {
    this.#steady = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  /** Gives up: what was not acknowledged stays so. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.drain();
  }

  async #lane(): Promise<void> {
    const { next, random } = this.#options;
    while (!this.#steady) {
      const batch = next();
      this.batches.push(batch);
      while (!this.#stopping && !(await this.#send(batch))) await wait(5 + 20 * random());
      await wait(10 + 30 * random());
    }
  }

  /** Resolves to whether the batch was acknowledged. */
  #send({ body, events }: SentBatch): Promise<boolean> {
    const { address, token, random, moments } = this.#options;
    const url = address();
    if (url === undefined) return Promise.resolve(false);
    const trouble = this.#steady ? 1 : random();
    const breakOff = trouble < 0.02;
    const goAway = trouble >= 0.02 && trouble < 0.05;
    this.requests += 1;
    this.attempted += events.length;
    return new Promise(resolve => {
      const sending = request(`${url}/currents`, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': body.length,
        },
      });
      sending.on('error', () => resolve(false));
      sending.on('close', () => resolve(false));
      sending.on('response', answer => {
        answer.resume();
        const { statusCode = 0 } = answer;
        // What counts is the status: Braze reads no further.
        if (statusCode >= 200 && statusCode < 300) {
          this.acknowledged += events.length;
          moments.tell('acknowledged');
          resolve(true);
        } else resolve(false);
      });
      if (breakOff) sending.write(body.subarray(0, body.length >> 1), () => sending.destroy());
      else
        sending.end(body, () => {
          moments.tell('sent');
          if (goAway) setTimeout(() => sending.destroy(), 3 * random());
        });
    });
  }
}
