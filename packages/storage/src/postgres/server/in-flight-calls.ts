import { StorageError } from '../../ports/index.ts';

/**
 * Tracker of calls in flight. `close` refuses new calls (`unavailable`) and resolves when the last call in
 * flight has settled.
 */
export class InFlightCalls {
  readonly #inFlight = new Set<Promise<unknown>>();
  #closed = false;

  async track<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StorageError('unavailable', 'The storage was closed.');
    const answer = call();
    this.#inFlight.add(answer);
    try {
      return await answer;
    } finally {
      this.#inFlight.delete(answer);
    }
  }

  /** The same port with every call tracked. */
  tracked<Port extends object>(port: Port): Port {
    const calls = Object.entries(port).map(
      ([name, call]: [string, (...given: unknown[]) => Promise<unknown>]) => [
        name,
        (...given: unknown[]) => this.track(() => call(...given)),
      ],
    );
    return Object.fromEntries(calls) as Port;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }
}
