import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Logger } from 'pino';
import type { AcceptedBatch } from '../../events/delivery/accepted-batches.ts';
import { readBody } from '../../vendor-http/read-body.ts';
import { Kept } from './kept.ts';

const unzip = promisify(gunzip);

/** An accepted batch as it is stored. */
export interface KeptBatch
  extends Pick<AcceptedBatch, 'id' | 'connection' | 'receivedAt' | 'events' | 'profile'> {
  readonly body: Uint8Array;
  readonly bytes: number;
}

/** A request to a vendor with its answer. */
export interface KeptRequest {
  /** From 1, in the order of their answers. */
  readonly number: number;
  /** When it was sent, milliseconds since 1970. */
  readonly at: number;
  readonly durationMs: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The sent body, decompressed. */
  readonly body: string;
  /** `undefined` where there was no complete answer. */
  readonly status: number | undefined;
  /** The answer, or the reason why there is none. */
  readonly answer: string;
  /** `$insert_id`s of a request of events, in its order. */
  readonly insertIds: readonly string[];
  readonly bytes: number;
}

/** Requests that bring events to Mixpanel and members to Braze. Others, such as raw exports, may be huge. */
const keptPaths = ['/import', '/partners/mixpanel/cohorts', '/users/track'];
const isKept = ({ pathname }: URL): boolean =>
  keptPaths.some(path => pathname === path || pathname.startsWith(`${path}/`));
/** Longest kept answer, in bytes. A 400 that names each of 2,000 events is shorter. */
const answerLength = 1_000_000;
/** Bytes of a request in memory besides its texts, which have up to two bytes for a character. */
const overhead = 1_000;

const secretHeader = /^(authorization|cookie|x-api-key)$/i;

export interface RecentTrafficOptions {
  /** Bytes in memory, half of them for batches. */
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * The accepted batches and the requests of the last minutes, in memory of this process: what `follow` in the console
 * shows. It exists only where `KEEP_TRAFFIC` asks for it.
 *
 * A kept batch is a copy, since delivery frees the memory of the one that it was given. Credentials in headers are
 * replaced here; texts are cleaned where they are shown.
 */
export class RecentTraffic {
  readonly #batches: Kept<KeptBatch>;
  readonly #requests: Kept<KeptRequest>;
  readonly #byInsertId = new Map<string, KeptRequest[]>();
  readonly #options: RecentTrafficOptions;
  #number = 0;
  #hasDropped = false;
  /** Requests that were sent before the last `clear` are not kept. */
  #clears = 0;

  constructor(options: RecentTrafficOptions) {
    this.#options = options;
    this.#batches = new Kept(options.limit / 2);
    this.#requests = new Kept(options.limit / 2, gone => this.#forget(gone));
  }

  /** Keeps a copy of an accepted batch. */
  accepted({ id, connection, receivedAt, events, profile, body }: AcceptedBatch): void {
    this.#batches.add({
      ...{ id, connection, receivedAt, events, profile },
      body: Uint8Array.from(body),
      bytes: body.byteLength + overhead,
    });
  }

  /** Newest first. */
  batches(): readonly KeptBatch[] {
    return this.#batches.list();
  }

  /** Newest first. */
  requests(): readonly KeptRequest[] {
    return this.#requests.list();
  }

  /** The requests that had an event, in order. */
  requestsOf(insertId: string): readonly KeptRequest[] {
    return this.#byInsertId.get(insertId) ?? [];
  }

  /** When the oldest kept batch was accepted; `undefined` where none is kept. */
  get batchesSince(): number | undefined {
    return this.#batches.oldest?.receivedAt;
  }

  /** When the oldest kept request was sent; `undefined` where none is kept. */
  get requestsSince(): number | undefined {
    return this.#requests.oldest?.at;
  }

  /** Whether requests were kept that no longer are. */
  get hasDropped(): boolean {
    return this.#hasDropped;
  }

  /** Removes everything, as for a user who is forgotten. */
  clear(): void {
    this.#clears += 1;
    this.#batches.clear();
    this.#requests.clear();
  }

  /** A `fetch` that keeps the requests that bring events and members. */
  recording(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const url = input instanceof Request ? undefined : new URL(input);
      if (url === undefined || !isKept(url) || init?.method !== 'POST') return send(input, init);
      const { now, monotonic, logger } = this.#options;
      const [at, began] = [now(), monotonic()];
      const clears = this.#clears;
      const keep = async (status: number | undefined, answer: string) => {
        try {
          const sent = await textOf(init.body);
          if (clears !== this.#clears) return;
          this.#add(url, init.headers, sent, { at, durationMs: monotonic() - began, status, answer });
        } catch (error) {
          logger.warn({ err: error }, 'a request could not be kept for /api/traffic');
        }
      };
      try {
        const response = await send(input, init);
        // Read beside the caller, who decides when it takes too long. One without an end must not fill the memory.
        void readBody(response.clone(), answerLength, true).then(
          text => keep(response.status, text?.slice(0, answerLength) ?? ''),
          error => keep(undefined, `The answer broke off: ${String(error)}`),
        );
        return response;
      } catch (error) {
        void keep(undefined, reasonOf(error));
        throw error;
      }
    };
  }

  #add(
    url: URL,
    headers: RequestInit['headers'],
    body: string,
    answered: Pick<KeptRequest, 'at' | 'durationMs' | 'status' | 'answer'>,
  ): void {
    this.#number += 1;
    const insertIds = url.pathname === '/import' ? insertIdsOf(body) : [];
    const request: KeptRequest = {
      ...{ number: this.#number, url: url.href, headers: masked(headers), body, ...answered, insertIds },
      bytes: 2 * (body.length + answered.answer.length) + 100 * insertIds.length + overhead,
    };
    for (const id of insertIds) this.#byInsertId.set(id, [...(this.#byInsertId.get(id) ?? []), request]);
    this.#requests.add(request);
  }

  #forget(gone: KeptRequest): void {
    this.#hasDropped = true;
    for (const id of gone.insertIds) {
      const rest = this.requestsOf(id).filter(each => each !== gone);
      if (rest.length === 0) this.#byInsertId.delete(id);
      else this.#byInsertId.set(id, rest);
    }
  }
}

async function textOf(body: RequestInit['body']): Promise<string> {
  if (typeof body === 'string') return body;
  if (!(body instanceof Uint8Array)) return '';
  const plain = body[0] === 0x1f && body[1] === 0x8b ? await unzip(body) : body;
  return new TextDecoder().decode(plain);
}

function insertIdsOf(body: string): readonly string[] {
  const events: unknown = JSON.parse(body);
  if (!Array.isArray(events)) return [];
  return events.map(each =>
    String((each as { properties?: { $insert_id?: unknown } }).properties?.$insert_id),
  );
}

function masked(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(
    [...new Headers(headers)].map(([name, value]) => [
      name,
      secretHeader.test(name) ? `${/^(Basic|Bearer) /.exec(value)?.[0] ?? ''}[secret]` : value,
    ]),
  );
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
