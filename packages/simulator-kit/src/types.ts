/**
 * One model, many doors. A simulator is a pure model (state, rules, clock) behind one table of routes; a route takes a
 * `SimRequest` and gives a `SimAnswer`, so the same table serves Express, msw handlers and a command.
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
  /** A `partial` fault strikes: the indexes, of this many records, that the vendor has to refuse; at least one. */
  readonly refused?: ((records: number) => ReadonlySet<number>) | undefined;
}

/** What the client gets: an answer, or one of the ways in which networks fail. */
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
  /** Document, client or thread, in words or as an address. */
  readonly from: string;
  /** Year or date on which it was read. */
  readonly seen: string;
}

/** One rule of the vendor that a route keeps, and how anybody can check it. */
export interface Rule {
  readonly rule: string;
  readonly source: Source;
}

export interface Route {
  /** Short name used by faults and the journal, for example `import`. Several paths of one thing share it. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/partners/:partner/cohorts`: segments that start with a colon are parameters. */
  readonly path: string;
  /** What it does and which rules it holds, for `/_sim/coverage`. */
  readonly rules: readonly Rule[];
  /** That its handler obeys `SimRequest.refused`, so that `partial` faults may strike it. */
  readonly takesPartial?: boolean;
  readonly handle: (request: SimRequest) => SimAnswer | Promise<SimAnswer>;
}

/** What a vendor does of its own accord, as Currents and cohort syncs leave it; for `/_sim/coverage`. */
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
