/**
 * An HTTP exchange with a vendor: every request of the service to Braze or Mixpanel goes through this module.
 *
 * The outcome is data, never an exception: a complete answer, or the reason why there is none. Redirects are
 * not followed: they would send credentials to another host. Nothing is retried here.
 */
import { readBody } from './read-body.ts';
import { redirectTarget } from './redirect-target.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /**
   * As received, with any secrets that the vendor echoes: for decisions only. `vendorText` makes it safe to
   * show.
   */
  readonly body: string;
  /** Wait of `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Origin and path to which a redirect points. */
  readonly redirectTo?: string | undefined;
}

/**
 * No complete answer: no connection, a time-out, a broken connection. The vendor may have processed the whole
 * request.
 */
export interface Lost {
  readonly kind: 'lost';
  readonly why: string;
  /** There was no connection, so the vendor received nothing. */
  readonly unsent?: true;
}

export type Exchange = Answered | Lost;

export interface VendorOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds until the last byte of the answer; without it only `stop` ends the exchange. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: () => number;
}

export interface VendorRequest {
  readonly url: URL;
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /**
   * Maximum of bytes of the body, 32 MB by default. A longer answer is lost, or cut there where `cut` allows
   * it.
   */
  readonly readAtMost?: number;
  readonly cut?: boolean;
}

/** A page of the query API has 1,000 users, with the properties that matching needs. */
const answerLimit = 32_000_000;
const noStop = new AbortController().signal;
/** Error codes of Node.js and undici for a connection that could not be made. */
const noConnection = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** One request and its whole answer. Never rejects. */
export async function exchange(
  request: VendorRequest,
  vendor: VendorOptions,
  stop: AbortSignal = noStop,
): Promise<Exchange> {
  const opened = await openExchange(request, vendor, stop);
  if (opened.kind === 'lost') return opened;
  const { response, lost } = opened;
  const { readAtMost = answerLimit, cut = false } = request;
  try {
    const body = await readBody(response, readAtMost, cut);
    if (body === undefined) return { kind: 'lost', why: `the response is larger than ${readAtMost} bytes` };
    const retryAfterMs = parseRetryAfter(response.headers, vendor.now());
    const redirectTo = redirectTarget(response, request.url);
    return { kind: 'answered', status: response.status, body, retryAfterMs, redirectTo };
  } catch (error) {
    return lost(error);
  }
}

/** An answer whose body is not read yet; `lost` gives the reason why reading it failed. */
export interface Opened {
  readonly kind: 'opened';
  readonly response: Response;
  readonly lost: (error: unknown) => Lost;
}

/** One request up to the head of its answer, for a body that is read as a stream. Never rejects. */
export async function openExchange(
  { url, method = 'POST', headers = {}, body }: VendorRequest,
  { fetch, timeoutMs }: VendorOptions,
  stop: AbortSignal = noStop,
): Promise<Opened | Lost> {
  const timeout = timeoutMs === undefined ? noStop : AbortSignal.timeout(timeoutMs);
  const lost = (error: unknown): Lost => {
    if (stop.aborted) return { kind: 'lost', why: 'the service is stopping' };
    if (timeout.aborted) return { kind: 'lost', why: `no response within ${timeoutMs} ms` };
    const cause = innermost(error);
    const isUnsent = noConnection.has(codeOf(cause) ?? '');
    return { kind: 'lost', why: textOf(cause), ...(isUnsent && { unsent: true }) };
  };
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, stop]),
      ...(body !== undefined && { body }),
    });
    return { kind: 'opened', response, lost };
  } catch (error) {
    return lost(error);
  }
}

/** `fetch failed` alone explains nothing. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code === undefined || error.message.includes(code)
    ? error.message || error.name
    : `${code}: ${error.message}`;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
