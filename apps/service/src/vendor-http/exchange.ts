/** One exchange with a vendor: what came back, as data. Redirects are not followed: they would carry the keys elsewhere. */

import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { readBody } from './read-body.ts';
import { parseRetryAfter } from './retry-after.ts';
import { vendorText as kept } from './vendor-text.ts';

export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly retryAfterMs: number | undefined;
    }
  /** No complete answer: the vendor may have done all of it. */
  | { readonly kind: 'lost'; readonly why: string };

export interface VendorOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: () => number;
}

export interface VendorRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Bytes of an answer that are read; a longer one counts as none. */
  readonly readAtMost?: number;
}

/** A page of the query API has 1,000 users, with the properties that matching needs. */
const answerLimit = 32_000_000;

/** Never throws. */
export async function exchange(
  { url, headers, body, readAtMost = answerLimit }: VendorRequest,
  { fetch, timeoutMs, now }: VendorOptions,
  stop: AbortSignal,
): Promise<Exchange> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, stop]),
    });
    const text = await readBody(response, readAtMost);
    if (text === undefined) return { kind: 'lost', why: `the answer is over ${readAtMost} bytes` };
    const retryAfterMs = parseRetryAfter(response.headers, now());
    return { kind: 'answered', status: response.status, body: text, retryAfterMs };
  } catch (error) {
    if (stop.aborted) return { kind: 'lost', why: 'the service is stopping' };
    if (timeout.aborted) return { kind: 'lost', why: `no answer within ${timeoutMs} ms` };
    return { kind: 'lost', why: innermost(error) };
  }
}

function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}

/** What a vendor said, fit to be kept: one of Braze's texts echoes the key it was sent. `secrets` is whatever holds them. */
export const vendorText = (text: string, secrets: unknown): string => kept(text, withoutSecretsOf(secrets));

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
