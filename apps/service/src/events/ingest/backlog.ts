import type { ConnectionCounts } from '@braze-mixpanel/storage';
import type { BacklogBounds } from '../../config/config.ts';

/** Which bound keeps a connection from taking batches. */
export type Overfull = 'bytes' | 'age';

/** What a connection has pending. */
export interface Backlog {
  readonly bytes: number;
  /** Of the oldest batch; 0 where nothing is pending. */
  readonly ageMs: number;
  /** Whether batches leave: Mixpanel takes them, as far as anybody knows. */
  readonly flowing: boolean;
}

/** A connection takes batches again once it is down to this part of its bound: not in turns with every single delivery. */
const reopensAt = 0.8;

/**
 * Whether a connection stops taking batches, or starts again. Pure.
 *
 * - By bytes: at the bound until a fifth of it was delivered.
 * - By age: only while batches do not leave. What is old while others leave is a batch that has a trouble of its own, set aside and
 *   tried again; refusing everything else because of it would last for ever and help nobody.
 */
export function nextOverfull(
  before: Overfull | undefined,
  { bytes, ageMs, flowing }: Backlog,
  { maxBytes, maxAgeMs }: BacklogBounds,
): Overfull | undefined {
  if (bytes >= (before === 'bytes' ? maxBytes * reopensAt : maxBytes)) return 'bytes';
  if (maxAgeMs === undefined || flowing) return undefined;
  return ageMs >= (before === 'age' ? maxAgeMs * reopensAt : maxAgeMs) ? 'age' : undefined;
}

export interface BacklogGateOptions {
  /** `undefined` for a connection that is not configured. */
  readonly bounds: (connection: string) => BacklogBounds | undefined;
  readonly counts: () => Promise<Readonly<Record<string, ConnectionCounts>>>;
  readonly flowing: (connection: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** A connection stops taking batches, for this reason, or takes them again. */
  readonly onChange: (connection: string, refusal: string | undefined) => void;
}

/** How old what storage said may be. */
const freshMs = 2_000;
/** Storage is asked for no more than this part of the time. */
const shareOfTime = 0.05;

/**
 * Back-pressure: a connection whose backlog is over its bound takes no batches until it is below again; Braze keeps and repeats them.
 *
 * Storage is asked for what is pending every two seconds at most, and more seldom where the answer takes long; what this process
 * accepts in between is added to it. So a request costs a comparison, and the bound may be exceeded by what other replicas accept
 * within those seconds.
 */
export class BacklogGate {
  readonly #options: BacklogGateOptions;
  readonly #overfull = new Map<string, Overfull>();
  #counts: Readonly<Record<string, ConnectionCounts>> = {};
  #acceptedSince = new Map<string, number>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #cost = 0;
  #asking: Promise<void> | undefined;

  constructor(options: BacklogGateOptions) {
    this.#options = options;
  }

  /** Why the connection takes no batches; waits for storage only before its first answer. */
  async refusal(connection: string): Promise<string | undefined> {
    const never = this.#askedAt === Number.NEGATIVE_INFINITY;
    const asking = this.#refresh();
    if (never) await asking;
    return this.#judge(connection);
  }

  /** A batch was stored. */
  accepted(connection: string, bytes: number): void {
    this.#acceptedSince.set(connection, (this.#acceptedSince.get(connection) ?? 0) + bytes);
  }

  /** Takes counts that were read for another purpose. */
  observed(counts: Readonly<Record<string, ConnectionCounts>>, connection: string): string | undefined {
    this.#counts = counts;
    this.#acceptedSince = new Map();
    return this.#judge(connection);
  }

  #refresh(): Promise<void> | undefined {
    const { monotonic } = this.#options;
    const wait = Math.max(freshMs, this.#cost / shareOfTime);
    if (this.#asking === undefined && monotonic() - this.#askedAt >= wait) {
      const began = monotonic();
      this.#askedAt = began;
      const seen = this.#counts;
      const before = new Map(this.#acceptedSince);
      this.#asking = this.#options
        .counts()
        .then(counts => {
          // Newer counts arrived in between.
          if (this.#counts !== seen) return;
          this.#counts = counts;
          // What was accepted meanwhile may be in the answer or not: it stays added, and the next answer corrects that.
          for (const [connection, bytes] of before) this.accepted(connection, -bytes);
        })
        .catch(() => undefined)
        .finally(() => {
          this.#cost = monotonic() - began;
          this.#asking = undefined;
        });
    }
    return this.#asking;
  }

  #judge(connection: string): string | undefined {
    const { bounds, flowing, now, onChange } = this.#options;
    const own = bounds(connection);
    if (own === undefined) return undefined;
    const { pendingBytes = 0, oldestPendingAt } = this.#counts[connection] ?? {};
    const backlog: Backlog = {
      bytes: pendingBytes + (this.#acceptedSince.get(connection) ?? 0),
      ageMs: oldestPendingAt === undefined ? 0 : now() - oldestPendingAt,
      flowing: flowing(connection),
    };
    const before = this.#overfull.get(connection);
    const next = nextOverfull(before, backlog, own);
    if (next === undefined) this.#overfull.delete(connection);
    else this.#overfull.set(connection, next);
    const refusal = next && sentence(next, backlog, own);
    if ((before === undefined) !== (next === undefined)) onChange(connection, refusal);
    return refusal;
  }
}

function sentence(
  overfull: Overfull,
  { bytes, ageMs }: Backlog,
  { maxBytes, maxAgeMs }: BacklogBounds,
): string {
  return overfull === 'bytes'
    ? `${inMegabytes(bytes)} of batches wait for Mixpanel, and BACKLOG_MAX_BYTES is ${inMegabytes(maxBytes)}.`
    : `The oldest batch has waited for Mixpanel for ${inMinutes(ageMs)}, and BACKLOG_MAX_AGE is ${inMinutes(maxAgeMs ?? 0)}.`;
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
const inMinutes = (milliseconds: number) => `${Math.round(milliseconds / 60_000)} minutes`;
