import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { SerialQueue } from '@braze-mixpanel/concurrency';
import { later, type MonotonicMs } from '../../clock/index.ts';

/** An acknowledgement waits for one slice at most, and for one element that takes longer. */
const sliceMs = 1;

/**
 * The computing of all units, in slices of a millisecond: the event loop runs after each of them. Units that
 * compute at the same time would each have a slice in every turn of the loop, and an acknowledgement, which
 * takes several turns, would wait for all of them. So one unit computes at a time, in the order of arrival.
 */
export class Slices {
  readonly #monotonic: () => MonotonicMs;
  readonly #queue = new SerialQueue();
  /** End of the slice in this turn of the event loop. */
  #end: MonotonicMs | undefined;

  constructor(monotonic: () => MonotonicMs) {
    this.#monotonic = monotonic;
  }

  /** The results of `work` for each element, in order. Rejects with what `work` throws. */
  map<Element, Result>(elements: readonly Element[], work: (element: Element) => Result): Promise<Result[]> {
    return this.#queue.run(async () => {
      const results: Result[] = [];
      for (const element of elements) {
        while (this.#isOver()) await yieldToEvents();
        results.push(work(element));
      }
      return results;
    });
  }

  #isOver(): boolean {
    const now = this.#monotonic();
    if (this.#end === undefined) {
      this.#end = later(now, sliceMs);
      setImmediate(() => {
        this.#end = undefined;
      });
    }
    return now > this.#end;
  }
}
