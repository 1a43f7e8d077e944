import { setTimeout as pause } from 'node:timers/promises';
import { WakeSignal } from '@braze-mixpanel/concurrency';

/** Waits; a test passes its own. Rejects or resolves early when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const realWait: Wait = (ms, signal) => pause(ms, undefined, { signal, ref: false });

/** Interval of the looks for work. */
const lookMs = 1_000;

/**
 * Turns of work, one after the other until it is closed. After a turn that found no work, the next one begins
 * after a second, or when it is woken.
 */
export class WorkLoop {
  readonly #wakeSignal = new WakeSignal();
  readonly #abort = new AbortController();
  readonly #turns: Promise<void>;
  readonly #wait: Wait;

  /**
   * @param turn resolves to whether it found work; must not reject
   * @param wait of {@link wait}
   */
  constructor(turn: () => Promise<boolean>, wait: Wait = realWait) {
    this.#wait = wait;
    this.#turns = this.#run(turn);
  }

  /** Aborted when the loop is closed. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** There may be work. */
  wake(): void {
    this.#wakeSignal.notify();
  }

  /** Resolves earlier when the loop is closed. */
  readonly wait = (ms: number): Promise<void> => this.#wait(ms, this.signal).catch(() => undefined);

  /** Resolves when the present turn has ended. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#wakeSignal.notify();
    await this.#turns;
  }

  async #run(turn: () => Promise<boolean>): Promise<void> {
    // The first turn begins when the constructors have ended.
    await Promise.resolve();
    while (!this.signal.aborted) if (!(await turn())) await this.#wakeSignal.wait(lookMs);
  }
}
