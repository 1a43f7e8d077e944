/** An emitted event, as the oracle records it. */
export interface Emitted {
  readonly id: string;
  readonly event: unknown;
  /** Simulated time of its first emission, milliseconds since 1970. */
  readonly at: number;
  /** Number of emissions: more than one if the same ID was emitted again. */
  times: number;
}

/** The newest emitted events by ID. The oldest are dropped, so that a sandbox can run for days. */
export class Ledger {
  readonly #events = new Map<string, Emitted>();
  readonly #most: number;
  #unnamed = 0;
  #total = 0;

  constructor(most = 100_000) {
    this.#most = most;
  }

  get events(): readonly Emitted[] {
    return [...this.#events.values()];
  }

  /** Number of different events, dropped ones included. */
  get total(): number {
    return this.#total;
  }

  note(events: readonly unknown[], at: number): void {
    for (const event of events) {
      const id = idOf(event) ?? `(without id) ${++this.#unnamed}`;
      const known = this.#events.get(id);
      if (known) known.times += 1;
      else {
        this.#total += 1;
        this.#events.set(id, { id, event, at, times: 1 });
      }
    }
    for (const id of this.#events.keys()) {
      if (this.#events.size <= this.#most) break;
      this.#events.delete(id);
    }
  }
}

/**
 * The key of an event: its ID, or its whole content if it has none (malformed events are emitted unchanged).
 */
export function keyOf(event: unknown): string {
  return idOf(event) ?? JSON.stringify(event);
}

function idOf(event: unknown): string | undefined {
  const { id } = (event ?? {}) as { id?: unknown };
  return typeof id === 'string' && id !== '' ? id : undefined;
}
