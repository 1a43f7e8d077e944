import type { Answer, OutgoingRequest } from '@braze-mixpanel/simulator-kit';

/** Characters of all kept bodies together; older requests go. */
const keptCharacters = 8_000_000;

/** A request that a Current sent, with its answer. */
export interface SentRequest {
  readonly current: string;
  readonly eventType: string;
  readonly events: number;
  /** Time of the answer on the simulation clock, milliseconds since 1970. */
  readonly at: number;
  readonly request: OutgoingRequest;
  readonly answer: Answer;
}

export interface KeptRequest extends SentRequest {
  /** From 1, in the order of their answers. */
  readonly number: number;
}

/** What one address has accepted. */
export interface Accepted {
  readonly url: string;
  /** Requests answered with 2XX, test events and credential probes included. */
  readonly requests: number;
  /** Events in them. */
  readonly events: number;
}

/**
 * The requests that the Currents sent: the newest ones, up to a number of characters, and the sums of all by address,
 * which deleting a Current does not change. Credentials are not kept.
 */
export class Deliveries {
  readonly #kept: KeptRequest[] = [];
  readonly #accepted = new Map<string, Accepted>();
  #characters = 0;
  #number = 0;

  add(sent: SentRequest): void {
    this.#number += 1;
    const { request, answer, events } = sent;
    if ('status' in answer && answer.status >= 200 && answer.status < 300) this.#accept(request.url, events);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        name.toLowerCase() === 'authorization' ? value.replace(/ .*/, ' [cut]') : value,
      ]),
    );
    this.#kept.push({ ...sent, request: { ...request, headers }, number: this.#number });
    this.#characters += request.body.length;
    while (this.#characters > keptCharacters)
      this.#characters -= this.#kept.shift()?.request.body.length ?? 0;
  }

  /** Newest first; with `event` those that have an event of this ID. */
  list(event?: string): readonly KeptRequest[] {
    const wanted = `"id":${JSON.stringify(event)}`;
    const found =
      event === undefined ? this.#kept : this.#kept.filter(({ request }) => request.body.includes(wanted));
    return found.toReversed();
  }

  /** The sums by address. */
  accepted(): readonly Accepted[] {
    return [...this.#accepted.values()];
  }

  get(number: number): KeptRequest | undefined {
    return this.#kept.find(each => each.number === number);
  }

  clear(): void {
    this.#kept.length = 0;
    this.#accepted.clear();
    this.#characters = 0;
    this.#number = 0;
  }
  #accept(url: string, events: number): void {
    const before = this.#accepted.get(url) ?? { requests: 0, events: 0 };
    this.#accepted.set(url, { url, requests: before.requests + 1, events: before.events + events });
  }
}
