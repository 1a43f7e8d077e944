import type { Operation } from '@braze-mixpanel/core/open-api';

/**
 * A request to a route, independent of the transport. The same table of routes serves Express, msw handlers
 * and direct calls: a route receives a `SimRequest` and returns a `SimAnswer`.
 */
export interface SimRequest {
  readonly method: string;
  /** Path without the query, as sent (still percent-encoded). */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as received, still compressed if the client compressed it. */
  readonly body: Uint8Array;
  /** The parameters of the route's path, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the client disconnects before it was answered. */
  readonly signal?: AbortSignal;
  /** Set by a `partial` fault: the indexes of the records to reject, out of this many; at least one. */
  readonly refused?: ((records: number) => ReadonlySet<number>) | undefined;
}

/** The outcome for the client: an answer, a closed connection, no answer, or half of one. */
export type SimAnswer =
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /**
       * Strings and bytes are sent unchanged, a `ReadableStream` of bytes chunk by chunk, any other value as
       * JSON.
       */
      readonly body?: unknown;
      /** The rule behind this answer, kept in the request journal. */
      readonly rule?: string;
    }
  | { readonly kind: 'reset'; readonly rule?: string }
  | { readonly kind: 'hang'; readonly rule?: string }
  | {
      readonly kind: 'truncate';
      readonly answer: Extract<SimAnswer, { kind: 'respond' }>;
      readonly rule?: string;
    };

/** The documentation of a vendor's rule. */
export interface Source {
  /** Title or address of a document, client or discussion. */
  readonly from: string;
  /** Year or date on which it was read. */
  readonly seen: string;
  /**
   * The status of its rules. Default: `documented`, by the vendor. `observed`: seen by others, for example in a
   * public issue thread. `chosen`: no document or observation is known, the simulator decides.
   */
  readonly status?: 'documented' | 'observed' | 'chosen';
}

/** A rule of the vendor that a route implements, and its documentation. */
export interface Rule {
  readonly rule: string;
  /** The source that the simulator follows. */
  readonly source: Source;
  /** A source that differs. The rule's status is `contradicted` then. */
  readonly contradictedBy?: Source;
}

/** A route of the vendor or of the control API. */
export interface Route {
  /**
   * Short name used by faults and the journal, for example `import`. Paths with the same function share it.
   */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path such as `/partners/:partner/cohorts`, with a colon before each parameter. */
  readonly path: string;
  /** The rules it implements, for `/_sim/coverage`. */
  readonly rules: readonly Rule[];
  /**
   * Lets pages of other origins call it (CORS), with these request headers besides the ones that every page may
   * send. By default browsers block such calls.
   */
  readonly crossOrigin?: { readonly headers: readonly string[] };
  /** Whether the handler supports `SimRequest.refused`, so that `partial` faults can apply to it. */
  readonly takesPartial?: boolean;
  /** Its description in `/_sim/openapi.json`; only for routes of the control API. */
  readonly operation?: Operation;
  readonly handle: (request: SimRequest) => SimAnswer | Promise<SimAnswer>;
}

/** What a vendor does without a request, such as Currents and cohort syncs; for `/_sim/coverage`. */
export type Behaviour = Pick<Route, 'id' | 'rules'>;

/**
 * The clock of a simulated world, in milliseconds since 1970: running (real time plus an offset) or frozen.
 * `advance` runs all due jobs in order, and resolves when these and all followers are done.
 */
export interface SimulationClock {
  now(): number;
  /** Runs `job` when the clock reaches `at`, also in a running clock. The returned function cancels it. */
  schedule(at: number, job: () => void | Promise<void>, name?: string): () => void;
  advance(milliseconds: number): Promise<void>;
  set(at: number): Promise<void>;
  freeze(): void;
  unfreeze(): void;
  readonly frozen: boolean;
}
