import type { ConnectionCounts } from '@braze-mixpanel/storage';
import { type EpochMs, type MonotonicMs, monotonicMs } from '../../clock/index.ts';
import type { BacklogBounds } from '../../config/config.ts';

/** The limit at which a connection stops accepting batches. */
export type Overfull = 'bytes' | 'age';

/** The pending batches of a connection. */
export interface Backlog {
  readonly bytes: number;
  /** Age of the oldest batch; 0 where nothing is pending. */
  readonly ageMs: number;
  /** Whether batches are delivered: no answer of Mixpanel shows the opposite. */
  readonly flowing: boolean;
}

/**
 * The part of its limit at which a connection accepts batches again, so that it does not switch with every
 * single delivery.
 */
const reopensAt = 0.8;

/**
 * Whether a connection stops accepting batches, or starts again. Pure.
 *
 * - By bytes: from the limit until a fifth of it was delivered.
 * - By age: only while no batch is delivered. An old batch while others are delivered has a problem of its
 *   own, is set aside and tried again; refusing everything else because of it would never end and solve
 *   nothing.
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
  readonly now: () => EpochMs;
  readonly monotonic: () => MonotonicMs;
  /** Called when a connection stops accepting batches, with the reason, and when it accepts them again. */
  readonly onChange: (connection: string, refusal: string | undefined) => void;
}

/** Maximum age of counts from storage. */
const freshMs = 2_000;
/** Maximum part of the time that queries to storage may take. */
const shareOfTime = 0.05;

/**
 * Back-pressure: a connection whose backlog exceeds its limit accepts no batches until it is below again;
 * Braze keeps them and retries.
 *
 * Storage is queried for pending batches every two seconds at most, and less often where the query is slow;
 * batches that this process accepts in between are added. So a request costs a comparison, and the limit may
 * be exceeded by what other replicas accept within those seconds.
 */
export class BacklogGate {
  readonly #options: BacklogGateOptions;
  readonly #overfull = new Map<string, Overfull>();
  #counts: Readonly<Record<string, ConnectionCounts>> = {};
  #acceptedSince = new Map<string, number>();
  #queriedAt = monotonicMs(Number.NEGATIVE_INFINITY);
  #cost = 0;
  #query: Promise<void> | undefined;

  constructor(options: BacklogGateOptions) {
    this.#options = options;
  }

  /** The reason why the connection accepts no batches; waits for storage only before its first result. */
  async refusal(connection: string): Promise<string | undefined> {
    const never = this.#queriedAt === Number.NEGATIVE_INFINITY;
    const query = this.#refresh();
    if (never) await query;
    return this.#judge(connection);
  }

  /** A batch was stored. */
  accepted(connection: string, bytes: number): void {
    this.#acceptedSince.set(connection, (this.#acceptedSince.get(connection) ?? 0) + bytes);
  }

  /** Adopts counts that were read for another purpose. */
  observed(counts: Readonly<Record<string, ConnectionCounts>>, connection: string): string | undefined {
    this.#counts = counts;
    this.#acceptedSince = new Map();
    return this.#judge(connection);
  }

  #refresh(): Promise<void> | undefined {
    const { monotonic } = this.#options;
    const wait = Math.max(freshMs, this.#cost / shareOfTime);
    if (this.#query === undefined && monotonic() - this.#queriedAt >= wait) {
      const began = monotonic();
      this.#queriedAt = began;
      const seen = this.#counts;
      const before = new Map(this.#acceptedSince);
      this.#query = this.#options
        .counts()
        .then(counts => {
          // Newer counts arrived in between.
          if (this.#counts !== seen) return;
          this.#counts = counts;
          // Batches accepted meanwhile may be in the result or not: they stay added, and the next result
          // corrects that.
          for (const [connection, bytes] of before) this.accepted(connection, -bytes);
        })
        .catch(() => undefined)
        .finally(() => {
          this.#cost = monotonic() - began;
          this.#query = undefined;
        });
    }
    return this.#query;
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
    ? `${inMegabytes(bytes)} of batches are waiting for Mixpanel, and BACKLOG_MAX_BYTES is ${inMegabytes(maxBytes)}.`
    : `The oldest batch has been waiting for Mixpanel for ${inMinutes(ageMs)}, and BACKLOG_MAX_AGE is ${inMinutes(maxAgeMs ?? 0)}.`;
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
const inMinutes = (milliseconds: number) => `${Math.round(milliseconds / 60_000)} minutes`;
