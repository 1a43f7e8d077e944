import type { Operation } from '@braze-mixpanel/core/open-api';

/**
 * A request to a route. The same table of routes serves Express, msw handlers and direct calls, so a route knows no transport:
 * it gets a `SimRequest` and returns a `SimAnswer`.
 */
export interface SimRequest {
  readonly method: string;
  /** Path without the query, as the client wrote it (still percent-encoded). */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came over the wire (still compressed where the client compressed it). */
  readonly body: Uint8Array;
  /** Named parts of the route's path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the client goes away before it was answered. */
  readonly signal?: AbortSignal;
  /** Set by a `partial` fault: of this many records, the indexes of those that the handler must refuse; at least one. */
  readonly refused?: ((records: number) => ReadonlySet<number>) | undefined;
}

/** What the client gets: an answer, a closed connection, none at all, or half of one. */
export type SimAnswer =
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** A string or bytes are sent as they are, a `ReadableStream` of bytes in its own pieces; anything else as JSON. */
      readonly body?: unknown;
      /** Which rule gave this answer; kept in the request journal. */
      readonly rule?: string;
    }
  | { readonly kind: 'reset'; readonly rule?: string }
  | { readonly kind: 'hang'; readonly rule?: string }
  | {
      readonly kind: 'truncate';
      readonly answer: Extract<SimAnswer, { kind: 'respond' }>;
      readonly rule?: string;
    };

/** Where a rule of a vendor is written down. */
export interface Source {
  /** Document, client or thread: its title or its address. */
  readonly from: string;
  /** Year or date on which it was read. */
  readonly seen: string;
}

/** One rule of the vendor that a route keeps, and where it is documented. */
export interface Rule {
  readonly rule: string;
  readonly source: Source;
}

/** A route of the vendor, or of the control API. */
export interface Route {
  /** Short name used by faults and the journal, for example `import`. Several paths of one thing share it. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/partners/:partner/cohorts`: segments that start with a colon are parameters. */
  readonly path: string;
  /** The rules it keeps, for `/_sim/coverage`. */
  readonly rules: readonly Rule[];
  /** Its handler obeys `SimRequest.refused`, so that `partial` faults may apply to it. */
  readonly takesPartial?: boolean;
  /** What `/_sim/openapi.json` tells of it; of routes of the control API alone. */
  readonly operation?: Operation;
  readonly handle: (request: SimRequest) => SimAnswer | Promise<SimAnswer>;
}

/** What a vendor does by itself, such as Currents and cohort syncs; for `/_sim/coverage`. */
export type Behaviour = Pick<Route, 'id' | 'rules'>;

/**
 * The clock of a simulated world, in milliseconds since 1970. Running (real time plus an offset) or frozen.
 * `advance` fires everything scheduled, in order, and resolves when all of it, and all followers, have come to rest.
 */
export interface SimulationClock {
  now(): number;
  /** Runs `job` when the clock reaches `at` (also while time runs by itself); returns what cancels it. */
  schedule(at: number, job: () => void | Promise<void>, name?: string): () => void;
  advance(milliseconds: number): Promise<void>;
  set(at: number): Promise<void>;
  freeze(): void;
  unfreeze(): void;
  readonly frozen: boolean;
}
