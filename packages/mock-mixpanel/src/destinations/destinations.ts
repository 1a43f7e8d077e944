import type { DestinationSettings } from '../syncs/destination.ts';

/** A connection to Braze, which the exports of cohorts can choose. */
export interface ConnectedDestination {
  readonly id: string;
  readonly name: string;
  readonly settings: Extract<DestinationSettings, { type: 'braze' }>;
  /** Simulated time of the last change, in milliseconds since 1970. */
  readonly connectedAt: number;
}

/** The connected destinations (the page Data → Destinations). */
export class Destinations {
  readonly #connected = new Map<string, ConnectedDestination>();
  readonly #now: () => number;
  #count = 0;

  /** @param now simulated time, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  list(): ConnectedDestination[] {
    return [...this.#connected.values()];
  }

  get(id: string): ConnectedDestination | undefined {
    return this.#connected.get(id);
  }

  /** Connects a new destination, or the one with this ID again. */
  connect(
    { name, ...settings }: Omit<ConnectedDestination['settings'], 'type'> & { readonly name: string },
    id = `destination-${++this.#count}`,
  ): ConnectedDestination {
    const connected = {
      id,
      name,
      settings: { type: 'braze' as const, ...settings },
      connectedAt: this.#now(),
    };
    this.#connected.set(id, connected);
    return connected;
  }

  remove(id: string): void {
    this.#connected.delete(id);
  }

  reset(): void {
    this.#connected.clear();
    this.#count = 0;
  }
}
