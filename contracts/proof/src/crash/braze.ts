import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { SentBatch } from './batches.ts';
import type { Moments } from './moments.ts';

/**
 * The load generator, in the role of Braze. Several lanes each send one batch after another, and repeat a
 * batch until a 2XX acknowledges it. Sometimes a lane disconnects in the middle of a body, or before the
 * answer: the batch may then be stored, and is sent again.
 */
export interface Lanes {
  readonly lanes: number;
  readonly token: string;
  readonly random: () => number;
  readonly next: () => SentBatch;
  /** The current address of the service; `undefined` while it is down. */
  readonly address: () => string | undefined;
  readonly moments: Moments;
}

export class Braze {
  /** Every batch of which at least one byte was sent. */
  readonly batches: SentBatch[] = [];
  /** Number of acknowledged events (2XX), repetitions included. */
  acknowledged = 0;
  /**
   * Number of events that may have been stored, since enough of their batch was sent; repetitions included.
   */
  attempted = 0;
  /** Number of batches sent, repetitions included. */
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

  /** Stops making new batches and disconnecting; resolves when the last batch was acknowledged. */
  async drain(): Promise<void> {
    this.#steady = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  /** Stops at once; unacknowledged batches remain so. */
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
    const cutBody = trouble < 0.02;
    const disconnect = trouble >= 0.02 && trouble < 0.05;
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
        // Only the status matters: Braze does not read the body.
        if (statusCode >= 200 && statusCode < 300) {
          this.acknowledged += events.length;
          moments.report('acknowledged');
          resolve(true);
        } else resolve(false);
      });
      if (cutBody) sending.write(body.subarray(0, body.length >> 1), () => sending.destroy());
      else
        sending.end(body, () => {
          moments.report('sent');
          if (disconnect) setTimeout(() => sending.destroy(), 3 * random());
        });
    });
  }
}
