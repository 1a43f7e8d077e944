import { LatencyHistogram } from './latency-histogram.ts';

/** Latencies of one connection. */
export interface ConnectionLatencies {
  /** From the first byte of a request of Braze to the end of the response, of accepted batches. */
  readonly acknowledgement: LatencyHistogram;
  /** Requests to `/import` of Mixpanel, whatever their response, lost ones included. */
  readonly import: LatencyHistogram;
}

/** The latencies that this process measured since they were last taken, by connection. */
export class Latencies {
  #measured = new Map<string, ConnectionLatencies>();

  add(connection: string, kind: keyof ConnectionLatencies, milliseconds: number): void {
    const known = this.#measured.get(connection) ?? {
      acknowledgement: new LatencyHistogram(),
      import: new LatencyHistogram(),
    };
    this.#measured.set(connection, known);
    known[kind].add(milliseconds);
  }

  /** All of them; counting begins anew. */
  take(): ReadonlyMap<string, ConnectionLatencies> {
    const taken = this.#measured;
    this.#measured = new Map();
    return taken;
  }
}
