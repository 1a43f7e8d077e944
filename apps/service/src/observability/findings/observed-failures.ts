import type { StandingFailure, StandingFailures } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { type ErrorCode, errors } from '../../errors/catalogue.ts';
import type { ErrorEntry } from '../../errors/error-entry.ts';

export interface ObservedFailuresOptions {
  readonly store: StandingFailures;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

type Kind = StandingFailure['kind'];
const kinds = ['credentials', 'currents'] as const;

/** What repeats is written once in this time, so stored times are right to a minute. */
const writtenEveryMs = 60_000;

/**
 * Since when the Current of a connection fails, and Mixpanel refuses its credentials. Kept in storage: a restart does
 * not forget it, and a success on one replica ends it for all. What storage does not accept is kept in this process.
 */
export class ObservedFailures {
  readonly #options: ObservedFailuresOptions;
  /** The newest observation that was written, or that was tried. */
  readonly #written = new Map<string, { at: number; failed: boolean }>();
  readonly #unstored = new Map<string, StandingFailure>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: ObservedFailuresOptions) {
    this.#options = options;
  }

  /**
   * A request of Braze ended; `answer` is `accepted`, `aborted` or an error code. One that Braze aborts, and one that
   * is wrong in itself, is no failure.
   */
  answered(connection: string, answer: string): void {
    if (answer === 'accepted') this.#succeeded(connection, 'currents');
    else if (isFailure(answer)) this.#failed(connection, 'currents', answer);
  }

  /** Mixpanel refuses credentials, address or project with this code; `undefined` when it accepted events. */
  delivered(connection: string, code: ErrorCode | undefined): void {
    if (code === undefined) this.#succeeded(connection, 'credentials');
    else this.#failed(connection, 'credentials', code);
  }

  /** Failures that have not ended; those of this process where storage cannot be read. Never rejects. */
  async of(connection: string): Promise<Partial<Record<Kind, StandingFailure>>> {
    await this.#writing;
    const stored = await this.#options.store.list(connection).catch((): StandingFailure[] => []);
    const failures: Partial<Record<Kind, StandingFailure>> = {};
    for (const kind of kinds) {
      const known = [stored.find(each => each.kind === kind), this.#unstored.get(keyOf(connection, kind))]
        .filter(each => each !== undefined)
        .sort((a, b) => b.last - a.last);
      if (known[0] === undefined) continue;
      failures[kind] = {
        ...known[0],
        since: known.reduce((least, { since }) => Math.min(least, since), known[0].since),
      };
    }
    return failures;
  }

  /** Ends when everything observed is stored, or was not accepted. */
  async close(): Promise<void> {
    await this.#writing;
  }

  #failed(connection: string, kind: Kind, code: ErrorCode): void {
    const key = keyOf(connection, kind);
    const last = this.#options.now();
    const since = this.#unstored.get(key)?.since ?? last;
    const failure = { kind, since, last, code };
    const due = this.#due(key, true);
    if (due || this.#unstored.has(key)) this.#unstored.set(key, failure);
    if (!due) return;
    this.#write(async () => {
      await this.#options.store.put(connection, failure);
      if (this.#unstored.get(key) === failure) this.#unstored.delete(key);
    });
  }

  #succeeded(connection: string, kind: Kind): void {
    const key = keyOf(connection, kind);
    this.#unstored.delete(key);
    if (this.#due(key, false)) this.#write(() => this.#options.store.end(connection, kind));
  }

  /** Whether an observation must be written: it differs from the one before, or that one is a minute old. */
  #due(key: string, failed: boolean): boolean {
    const at = this.#options.now();
    const before = this.#written.get(key);
    if (before?.failed === failed && Math.abs(at - before.at) < writtenEveryMs) return false;
    this.#written.set(key, { at, failed });
    return true;
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing
      .then(write)
      .catch(error => this.#options.logger.debug({ err: error }, 'a lasting failure could not be stored'));
  }
}

const keyOf = (connection: string, kind: Kind) => `${kind} ${connection}`;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

/** Whether Braze counts the answer as a failure of its Current. */
function isFailure(answer: string): answer is ErrorCode {
  if (!isErrorCode(answer)) return false;
  const { status = 0 }: ErrorEntry = errors[answer];
  return isRefusal(answer) || status === 429 || status >= 500;
}

const refusals: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

/** Whether the code is of an answer with 401, 403 or 404; a code of another release is none. */
export function isRefusal(code: string): boolean {
  const entry: ErrorEntry | undefined = isErrorCode(code) ? errors[code] : undefined;
  return refusals.has(entry?.status);
}

/** The sentence of an error code, also of another release. */
export const messageOf = (code: string): string =>
  isErrorCode(code) ? errors[code].message : `the reason is not known (${code}).`;
