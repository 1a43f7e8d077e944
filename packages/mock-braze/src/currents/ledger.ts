import type { Outcome } from './connector.ts';

/** The counters of a Current's events, and the last answer of its endpoint. */
export class Ledger {
  #sent = 0;
  readonly #dropped = new Map<string, number>();
  #lastAnswer: { at: string; status?: number; body?: string; file?: string; error?: string } | null = null;

  sent(events: number): void {
    this.#sent += events;
  }

  /** Counts events that Braze gave up on. */
  dropped(reason: string, events: number): void {
    if (events > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + events);
  }

  answered(now: number, outcome: Outcome): void {
    const at = new Date(now).toISOString();
    this.#lastAnswer =
      'status' in outcome
        ? { at, status: outcome.status, body: outcome.body.slice(0, 200) }
        : { at, ...outcome };
  }

  report() {
    return { sent: this.#sent, dropped: Object.fromEntries(this.#dropped), lastAnswer: this.#lastAnswer };
  }
}
