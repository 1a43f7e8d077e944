import { type Exchange, exchange, parseJson, type VendorRequest } from '../vendor-http/exchange.ts';
import { httpDate } from '../vendor-http/http-date.ts';
import { vendorText } from '../vendor-http/vendor-text.ts';

/** The response to one request of a check; `text` is a short form of the body without secrets. */
export type Answer =
  | (Extract<Exchange, { kind: 'answered' }> & { readonly text: string })
  | Extract<Exchange, { kind: 'lost' }>;

/** Sends one request to a vendor or to this service, without retries. Never rejects. */
export type Ask = (request: VendorRequest) => Promise<Answer>;

/** Difference of a host's clock to ours, from its `Date` header in whole seconds. */
export interface ClockReading {
  readonly host: string;
  readonly aheadMs: number;
}

export interface AskOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Removes secrets from a response. */
  readonly withoutSecrets: (text: string) => string;
}

/** Limit of bytes read from a response; the rest is ignored. */
const readAtMost = 4_000_000;
const keptCharacters = 200;

export function asking({ withoutSecrets, ...vendor }: AskOptions): Ask {
  return async request => {
    const came = await exchange({ readAtMost, cut: true, ...request }, vendor);
    return came.kind === 'lost'
      ? { kind: 'lost', why: withoutSecrets(came.why) }
      : {
          ...came,
          text: vendorText(came.body, withoutSecrets, keptCharacters),
          redirectTo: came.redirectTo && vendorText(came.redirectTo, withoutSecrets),
        };
  };
}

/** A `fetch` that also reads the `Date` header of each response. */
export function readingClocks(
  { fetch, now }: Pick<AskOptions, 'fetch' | 'now'>,
  onClock: (reading: ClockReading) => void,
): typeof globalThis.fetch {
  return async (input, init) => {
    const began = now();
    const response = await fetch(input, init);
    const date = httpDate(response.headers.get('date') ?? '');
    const { host } = new URL(input instanceof Request ? input.url : input);
    if (!Number.isNaN(date)) onClock({ host, aheadMs: date + 500 - (began + now()) / 2 });
    return response;
  };
}

/** Short form of a response, for use in a message. */
export function shown(answer: Answer): string {
  if (answer.kind === 'lost') return `no response (${answer.why})`;
  const { status, text, redirectTo } = answer;
  const to = redirectTo === undefined ? '' : `, a redirect to ${redirectTo}`;
  return `HTTP ${status}${to}${text === '' ? '' : `: ${text}`}`;
}

/**
 * Advice for an answer that is no answer of the vendor: for a redirect, its target, which is often the right
 * address or the gateway in between.
 */
export function adviceFor(answer: Answer, otherwise: string): string {
  const to = answer.kind === 'answered' ? answer.redirectTo : undefined;
  return to === undefined
    ? otherwise
    : `The response redirects to ${to}. Redirects are not followed, since they would send credentials to another host. ${otherwise}`;
}

/** The parsed body; `undefined` if it is not JSON. */
export function parsed(answer: Answer): unknown {
  return answer.kind === 'lost' ? undefined : parseJson(answer.body);
}
