import * as z from 'zod';
import type { WireAnswer } from '../answer.ts';
import { hasText, keep, textOf } from './kept-body.ts';
import { redactHeaders, redactQuery } from './redact.ts';

/** Outcomes in which the client got no complete answer. */
const broken = ['reset', 'hang', 'truncate'] as const;

/** A status as a filter has it, or the outcome of a request without a complete answer. */
export const statusFilterSchema = z
  .string()
  .refine(
    text => /^[1-5]\d\d$/.test(text) || broken.some(each => each === text),
    `must be a status such as 200, or one of: ${broken.join(', ')}`,
  );

export const verdictSchema = z.enum(['accepted', 'refused', 'failed', ...broken]);

/**
 * The outcome of a request: accepted, refused (4XX), failed (5XX), or the reason why the client got no
 * complete answer.
 */
export type RequestVerdict = z.output<typeof verdictSchema>;

export const journalEntrySchema = z
  .object({
    /** Sequence number: counts from 1 since the start or the last reset. */
    sequence: z.int(),
    /** Simulated time of receipt, in milliseconds since 1970. */
    at: z.number(),
    method: z.string(),
    path: z.string(),
    query: z.string(),
    headers: z.record(z.string(), z.string()).readonly(),
    /** ID of the route, or null for a path that is not one of the vendor's. */
    route: z.string().nullable(),
    /** The status, or the outcome if the client got none. */
    status: z.union([z.int(), z.enum(broken)]),
    verdict: verdictSchema,
    /** The rule, fault or limit behind the answer; null for an ordinary accepted request. */
    rule: z.string().nullable(),
    /** IDs of the faults that applied to it. */
    faults: z.array(z.string()).readonly(),
    durationMs: z.number(),
    bodyBytes: z.int(),
    /** The body as text, decompressed, with secrets redacted; truncated in lists. */
    body: z.string().nullable(),
  })
  .readonly()
  .meta({ id: 'JournalEntry' });

/** One request as the journal shows it, with secrets redacted. */
export type JournalEntry = z.output<typeof journalEntrySchema>;

export const recordedRequestSchema = z
  .object({
    ...journalEntrySchema.unwrap().shape,
    /** The complete answer; null if the client got none. */
    answer: z
      .object({
        headers: z.record(z.string(), z.string()).readonly(),
        /** Bytes of its body; null if it was generated while it was sent. */
        bodyBytes: z.int().nullable(),
        /** The body as text, with secrets redacted, at most the first 64 KB; null if it is not kept. */
        body: z.string().nullable(),
      })
      .readonly()
      .nullable(),
  })
  .readonly()
  .meta({ id: 'RecordedRequest' });

/** One request with its answer, with secrets redacted. */
export type RecordedRequest = z.output<typeof recordedRequestSchema>;

export interface Instrumentation
  extends Omit<JournalEntry, 'sequence' | 'verdict' | 'query' | 'bodyBytes' | 'body'> {
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** The complete answer, unless the client got none. */
  readonly answer?: WireAnswer | undefined;
}

/** A request as it was received, to be dispatched again. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The filter of a journal query. Omitted fields match everything. */
export interface JournalFilter {
  readonly route?: string | undefined;
  readonly status?: string | undefined;
  readonly verdict?: RequestVerdict | undefined;
  readonly method?: string | undefined;
  /** The exact path, or a prefix that ends with `*`. */
  readonly path?: string | undefined;
  readonly rule?: string | undefined;
  /** Text that the body contains. */
  readonly contains?: string | undefined;
  /** Only entries after this sequence number. */
  readonly after?: number | undefined;
}

const excerptLength = 2_048;
/** Limit of one kept answer, in bytes. */
const answerBytes = 64 * 1024;
/** Limit for all bodies together, in bytes; the oldest are dropped first. */
const bodiesBytes = 32 * 1024 * 1024;

const nothing = new Uint8Array();

interface Kept {
  readonly sequence: number;
  readonly observation: Instrumentation;
  readonly bodyBytes: number;
  body: Uint8Array;
  /** Bytes of the answer's body; null for none, and one that was generated while it was sent. */
  readonly answerBytes: number | null;
  answer: Uint8Array;
}

/** Called for each request; `entry` reads it, which costs time. */
export type JournalListener = (entry: () => JournalEntry) => void;

/**
 * A ring buffer of the latest requests. Bodies are kept as received and parsed only when read, so an unread
 * journal costs almost nothing.
 */
export class RequestJournal {
  readonly #size: number;
  readonly #ring: Kept[] = [];
  readonly #hits = new Map<string, number>();
  readonly #listeners = new Set<JournalListener>();
  #sequence = 0;
  #bytes = 0;
  /** Bodies up to this sequence number are dropped. */
  #bodiless = 0;

  /** @param size maximum number of requests. */
  constructor(size = 1_000) {
    this.#size = size;
  }

  /** The number of requests per endpoint, such as `POST /import`, including those that the ring has dropped. */
  get hits(): ReadonlyMap<string, number> {
    return this.#hits;
  }

  /**
   * @param endpoint method and path of the vendor's route; by default that of no route.
   * @returns its sequence number.
   */
  record(observation: Instrumentation, endpoint: string | null = null): number {
    this.#dropBody(this.#ring[this.#sequence % this.#size]);
    const { answer } = observation;
    const answered = answer?.body instanceof Uint8Array ? answer.body : undefined;
    const kept: Kept = {
      sequence: ++this.#sequence,
      // The bodies are kept apart, where they can be dropped.
      observation: {
        ...observation,
        body: nothing,
        answer: answer && { ...answer, body: nothing },
      },
      bodyBytes: observation.body.length,
      body: keep(observation.body),
      answerBytes: answered?.length ?? null,
      answer: keep(answered ?? nothing, answerBytes),
    };
    this.#ring[(this.#sequence - 1) % this.#size] = kept;
    this.#bytes += kept.body.length + kept.answer.length;
    while (this.#bytes > bodiesBytes && this.#bodiless < this.#sequence)
      this.#dropBody(this.#at(++this.#bodiless));
    if (endpoint !== null) this.#hits.set(endpoint, (this.#hits.get(endpoint) ?? 0) + 1);
    for (const listener of this.#listeners) listener(() => shown(kept, excerptLength));
    return kept.sequence;
  }

  /** The entries, newest first, with bodies of up to 2,048 characters. */
  list({ limit, ...filter }: JournalFilter & { readonly limit: number }): JournalEntry[] {
    return [
      ...this.#found(filter)
        .take(limit)
        .map(kept => shown(kept, excerptLength)),
    ];
  }

  /** The number of kept requests. */
  get size(): number {
    return Math.min(this.#sequence, this.#size);
  }

  count(filter: JournalFilter): number {
    return this.#found(filter).reduce(count => count + 1, 0);
  }

  /** One entry with its answer and its complete body, if at most 1 MB (otherwise the first 1 MB). */
  get(sequence: number): RecordedRequest | undefined {
    const kept = this.#at(sequence);
    return kept && recorded(kept);
  }

  /** As `get`, for the entries that match, newest first. */
  recorded({ limit, ...filter }: JournalFilter & { readonly limit: number }): RecordedRequest[] {
    return [...this.#found(filter).take(limit).map(recorded)];
  }

  /** A request as it was received; undefined if the journal does not have all of it. */
  received(sequence: number): Received | undefined {
    const kept = this.#at(sequence);
    if (kept === undefined || kept.body.length !== kept.bodyBytes) return undefined;
    const { method, path, query, headers } = kept.observation;
    return { method, path, query, headers, body: kept.body };
  }

  /** All kept entries with their complete bodies, newest first. */
  entries(): Iterable<JournalEntry> {
    return this.#newestFirst().map(kept => shown(kept));
  }

  /** Subscribes to new entries. The returned function unsubscribes. */
  subscribe(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reset(): void {
    this.#ring.length = 0;
    this.#hits.clear();
    this.#sequence = 0;
    this.#bytes = 0;
    this.#bodiless = 0;
  }

  #at(sequence: number): Kept | undefined {
    const kept = this.#ring[(sequence - 1) % this.#size];
    return kept?.sequence === sequence ? kept : undefined;
  }

  #dropBody(kept: Kept | undefined): void {
    if (!kept) return;
    this.#bytes -= kept.body.length + kept.answer.length;
    kept.body = nothing;
    kept.answer = nothing;
  }

  *#newestFirst(): Generator<Kept> {
    const oldest = Math.max(0, this.#sequence - this.#size);
    for (let sequence = this.#sequence; sequence > oldest; sequence -= 1) {
      const kept = this.#at(sequence);
      if (kept) yield kept;
    }
  }

  #found(filter: JournalFilter): IteratorObject<Kept> {
    return this.#newestFirst().filter(kept => fits(kept, filter));
  }
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
    (contains === undefined || hasText(kept.body, observation.headers, contains))
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
  const { answer: _, ...facts } = observation;
  return {
    ...facts,
    sequence,
    verdict: verdictOf(observation.status),
    query: redactQuery(observation.query),
    headers: redactHeaders(observation.headers),
    bodyBytes,
    body: text !== null && text.length > length ? `${text.slice(0, length)}…` : text,
  };
}

function recorded(kept: Kept): RecordedRequest {
  const { answer } = kept.observation;
  return {
    ...shown(kept),
    answer: answer
      ? {
          headers: redactHeaders(answer.headers),
          bodyBytes: kept.answerBytes,
          body: textOf(kept.answer, answer.headers),
        }
      : null,
  };
}
