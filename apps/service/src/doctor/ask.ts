import { type Exchange, exchange, parseJson, type VendorRequest } from '../vendor-http/exchange.ts';
import { httpDate } from '../vendor-http/http-date.ts';
import { vendorText } from '../vendor-http/vendor-text.ts';

/** What came back for one request of a check; `text` is a short form of the body that may be shown. */
export type Answer =
  | (Extract<Exchange, { kind: 'answered' }> & { readonly text: string })
  | Extract<Exchange, { kind: 'lost' }>;

/** Sends one request to a vendor or to this service. Nothing is tried twice: a check is not a delivery. Never rejects. */
export type Ask = (request: VendorRequest) => Promise<Answer>;

/** By how much a host's clock is ahead of ours, as far as its `Date` header, which counts seconds, shows it. */
export interface ClockReading {
  readonly host: string;
  readonly aheadMs: number;
}

export interface AskOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Cuts secrets out of an answer. */
  readonly withoutSecrets: (text: string) => string;
}

/** Bytes of an answer that are read; the rest of a longer one is left. */
const readAtMost = 4_000_000;
const keptCharacters = 200;

export function asking({ withoutSecrets, ...vendor }: AskOptions): Ask {
  return async request => {
    const came = await exchange({ readAtMost, cut: true, ...request }, vendor);
    return came.kind === 'lost'
      ? { kind: 'lost', why: withoutSecrets(came.why) }
      : { ...came, text: vendorText(came.body, withoutSecrets, keptCharacters) };
  };
}

/** A `fetch` that also reads the clock of the host it talks to. */
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

/** What came back, as the end of a sentence. */
export function shown(answer: Answer): string {
  if (answer.kind === 'lost') return `no answer (${answer.why})`;
  const { status, text } = answer;
  return text === '' ? `answer ${status}` : `answer ${status}: ${text}`;
}

/** The body's JSON; `undefined` where there is none. */
export function parsed(answer: Answer): unknown {
  return answer.kind === 'lost' ? undefined : parseJson(answer.body);
}
