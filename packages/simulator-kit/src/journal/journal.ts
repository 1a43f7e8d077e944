import { keep, textOf } from './kept-body.ts';
import { redactHeaders, redactQuery } from './redact.ts';

/** What became of a request: taken, refused (4XX), failed (5XX), or a way in which the client got no answer. */
export type RequestVerdict = 'accepted' | 'refused' | 'failed' | 'reset' | 'hang' | 'truncate';

/** One request as the journal shows it: enough to see what happened, nothing that opens a door. */
export interface JournalEntry {
  /** Counts from 1 since the start or the last reset. */
  readonly sequence: number;
  /** Simulated time of receipt, milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Id of the route, or null for a path that the vendor does not have. */
  readonly route: string | null;
  /** What the client got: a status, or the way in which it got none. */
  readonly status: number | 'reset' | 'hang' | 'truncate';
  readonly verdict: RequestVerdict;
  /** Which rule, fault or limit gave the answer; null for a request that simply was taken. */
  readonly rule: string | null;
  readonly durationMs: number;
  readonly bodyBytes: number;
  /** A readable body, unpacked, secrets cut; in lists its beginning. */
  readonly body: string | null;
}

export interface Instrumentation
  extends Omit<JournalEntry, 'sequence' | 'verdict' | 'query' | 'bodyBytes' | 'body'> {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

/** What is left out matches everything. */
export interface JournalFilter {
  readonly route?: string | undefined;
  readonly status?: string | undefined;
  readonly verdict?: string | undefined;
  readonly method?: string | undefined;
  /** Exactly, or with `*` at its end what begins so. */
  readonly path?: string | undefined;
  readonly rule?: string | undefined;
  /** Text somewhere in the body. */
  readonly contains?: string | undefined;
  /** Entries after this sequence. */
  readonly after?: number | undefined;
}

export interface RequestJournal {
  record(observation: Instrumentation): void;
  /** Newest first. */
  list(filter: JournalFilter & { readonly limit: number }): JournalEntry[];
  count(filter: JournalFilter): number;
  /** One entry with its whole body, as far as it was kept (1 MB). */
  get(sequence: number): JournalEntry | undefined;
  /** All that are remembered with their whole bodies, newest first. */
  entries(): Iterable<JournalEntry>;
  /** How many requests each route answered, including those the ring has forgotten. */
  readonly hits: ReadonlyMap<string, number>;
  /** Calls `listener` with every new entry until the returned function is called. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  reset(): void;
}

const excerptLength = 2_048;
/** Of all bodies together; the oldest go first. */
const bodiesBytes = 32 * 1024 * 1024;

interface Kept {
  readonly sequence: number;
  readonly observation: Instrumentation;
  readonly bodyBytes: number;
  body: Uint8Array;
}

/**
 * A ring of the last `size` requests. Bodies are kept as they came and read only when somebody looks, so that a journal nobody reads
 * costs a running simulator next to nothing.
 */
export function createRequestJournal(size = 1_000): RequestJournal {
  const ring: Kept[] = [];
  const hits = new Map<string, number>();
  const listeners = new Set<(entry: JournalEntry) => void>();
  let sequence = 0;
  let bytes = 0;
  /** Bodies up to here were let go. */
  let bodiless = 0;

  const at = (wanted: number): Kept | undefined => {
    const kept = ring[(wanted - 1) % size];
    return kept?.sequence === wanted ? kept : undefined;
  };
  const letBodyGo = (kept: Kept | undefined) => {
    if (!kept) return;
    bytes -= kept.body.length;
    kept.body = new Uint8Array();
  };
  function* newestFirst(): Generator<Kept> {
    for (let wanted = sequence; wanted > Math.max(0, sequence - size); wanted -= 1) {
      const kept = at(wanted);
      if (kept) yield kept;
    }
  }
  function* found(filter: JournalFilter): Generator<Kept> {
    for (const kept of newestFirst()) if (fits(kept, filter)) yield kept;
  }

  return {
    hits,
    record(observation) {
      letBodyGo(ring[sequence % size]);
      const body = keep(observation.body);
      const kept = { sequence: ++sequence, observation, bodyBytes: observation.body.length, body };
      ring[(sequence - 1) % size] = { ...kept, observation: { ...observation, body: new Uint8Array() } };
      bytes += body.length;
      while (bytes > bodiesBytes && bodiless < sequence) letBodyGo(at(++bodiless));
      const { route } = observation;
      if (route !== null) hits.set(route, (hits.get(route) ?? 0) + 1);
      if (listeners.size === 0) return;
      const entry = shown(kept, excerptLength);
      for (const listener of listeners) listener(entry);
    },
    list({ limit, ...filter }) {
      const entries: JournalEntry[] = [];
      for (const kept of found(filter)) {
        if (entries.push(shown(kept, excerptLength)) >= limit) break;
      }
      return entries;
    },
    count: filter => [...found(filter)].length,
    get(wanted) {
      const kept = at(wanted);
      return kept && shown(kept);
    },
    *entries() {
      for (const kept of newestFirst()) yield shown(kept);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      ring.length = 0;
      hits.clear();
      sequence = 0;
      bytes = 0;
      bodiless = 0;
    },
  };
}

function fits(kept: Kept, filter: JournalFilter): boolean {
  const { observation, sequence } = kept;
  const { route, status, verdict, method, path, rule, contains, after = 0 } = filter;
  return (
    sequence > after &&
    (route === undefined || observation.route === route) &&
    (status === undefined || String(observation.status) === status) &&
    (verdict === undefined || verdictOf(observation.status) === verdict) &&
    (method === undefined || observation.method === method.toUpperCase()) &&
    (path === undefined || fitsPath(observation.path, path)) &&
    (rule === undefined || observation.rule === rule) &&
    (contains === undefined || (textOf(kept.body, observation.headers)?.includes(contains) ?? false))
  );
}

export function fitsPath(path: string, pattern: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function verdictOf(status: JournalEntry['status']): RequestVerdict {
  if (typeof status === 'string') return status;
  return status < 400 ? 'accepted' : status < 500 ? 'refused' : 'failed';
}

function shown(
  { sequence, observation, bodyBytes, body }: Kept,
  length = Number.POSITIVE_INFINITY,
): JournalEntry {
  const text = textOf(body, observation.headers);
  return {
    ...observation,
    sequence,
    verdict: verdictOf(observation.status),
    query: redactQuery(observation.query),
    headers: redactHeaders(observation.headers),
    bodyBytes,
    body: text !== null && text.length > length ? `${text.slice(0, length)}…` : text,
  };
}
