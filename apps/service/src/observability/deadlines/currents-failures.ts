import { type ErrorCode, errors } from '../../errors/catalogue.ts';
import type { ErrorEntry } from '../../errors/error-entry.ts';

/** Requests of Braze that failed since the last accepted one. Times in milliseconds since 1970. */
export interface FailingCurrent {
  /** The first of them. */
  readonly since: number;
  /** The newest of them. */
  readonly last: number;
  /** Whether the newest was refused with 401, 403 or 404, and not with 429 or 5XX. */
  readonly refused: boolean;
}

const refusals: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

/**
 * Failed requests of Braze by connection, as this process answered them: a restart forgets them, and other
 * replicas do not see them. A request that Braze aborts, and one that is wrong in itself, is not counted.
 */
export class CurrentsFailures {
  readonly #failing = new Map<string, FailingCurrent>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request ended; `answer` is `accepted`, `aborted` or an error code. */
  observe(connection: string, answer: string): void {
    if (answer === 'accepted') this.#failing.delete(connection);
    if (!Object.hasOwn(errors, answer)) return;
    const { status = 0 }: ErrorEntry = errors[answer as ErrorCode];
    const refused = refusals.has(status);
    if (!refused && status !== 429 && status < 500) return;
    const last = this.#now();
    this.#failing.set(connection, { since: this.#failing.get(connection)?.since ?? last, last, refused });
  }

  of(connection: string): FailingCurrent | undefined {
    return this.#failing.get(connection);
  }
}
