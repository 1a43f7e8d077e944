import { redactHeaders, redactQuery, redactText } from './redact.ts';

/** One request as the journal keeps it: enough to see what happened, nothing that opens a door. */
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
  /** Which rule, fault or limit gave the answer. */
  readonly rule: string | null;
  readonly durationMs: number;
  readonly bodyBytes: number;
  /** The beginning of a readable body, secrets cut. */
  readonly body: string | null;
}

export interface Observation extends Omit<JournalEntry, 'sequence' | 'query' | 'bodyBytes' | 'body'> {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

export interface JournalFilter {
  readonly route?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
}

export interface RequestJournal {
  record(observation: Observation): void;
  /** Newest first. */
  list(filter: JournalFilter): JournalEntry[];
  /** How many requests each route answered, including those the ring has forgotten. */
  readonly hits: ReadonlyMap<string, number>;
  /** Calls `listener` with every new entry until the returned function is called. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  reset(): void;
}

const excerptBytes = 2_048;

/** A ring of the last `size` requests. */
export function createRequestJournal(size = 1_000): RequestJournal {
  const ring: JournalEntry[] = [];
  const hits = new Map<string, number>();
  const listeners = new Set<(entry: JournalEntry) => void>();
  let sequence = 0;
  return {
    hits,
    record(observation) {
      const entry: JournalEntry = {
        ...observation,
        sequence: ++sequence,
        query: redactQuery(observation.query),
        headers: redactHeaders(observation.headers),
        bodyBytes: observation.body.length,
        body: excerptOf(observation.body, observation.headers),
      };
      ring[(sequence - 1) % size] = entry;
      if (entry.route !== null) hits.set(entry.route, (hits.get(entry.route) ?? 0) + 1);
      for (const listener of listeners) listener(entry);
    },
    list({ route, status, limit }) {
      return ring
        .toSorted((a, b) => b.sequence - a.sequence)
        .filter(
          entry =>
            (route === undefined || entry.route === route) &&
            (status === undefined || String(entry.status) === status),
        )
        .slice(0, limit);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      ring.length = 0;
      hits.clear();
      sequence = 0;
    },
  };
}

function excerptOf(body: Uint8Array, headers: Readonly<Record<string, string>>): string | null {
  if (body.length === 0 || headers['content-encoding'] !== undefined) return null;
  const text = new TextDecoder().decode(body.subarray(0, excerptBytes));
  return body.length > excerptBytes ? `${redactText(text)}…` : redactText(text);
}
