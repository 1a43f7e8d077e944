import { httpDate } from '../vendor-http/http-date.ts';
import { vendorText } from '../vendor-http/vendor-text.ts';

/** One question to a vendor or to our own service, and what came back. Nothing is tried twice: a check is not a delivery. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** As it came: to be judged, never to be shown. */
      readonly body: string;
      /** The same as a short text that may be shown. */
      readonly words: string;
    }
  | { readonly kind: 'lost'; readonly why: string };

interface Question {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Ask = (question: Question) => Promise<Answer>;

/** By how much a host's clock is ahead of ours, as far as its `Date` header, which counts seconds, can tell. */
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
  readonly onClock: (reading: ClockReading) => void;
}

const answerLimit = 4_000_000;
const kept = 200;

/** Redirects are not followed: they would carry credentials elsewhere. Never rejects. */
export function asking({ fetch, timeoutMs, now, withoutSecrets, onClock }: AskOptions): Ask {
  return async ({ url, method = 'POST', headers = {}, body }) => {
    const began = now();
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body }),
      });
      const date = httpDate(response.headers.get('date') ?? '');
      if (!Number.isNaN(date)) onClock({ host: url.host, aheadMs: date + 500 - (began + now()) / 2 });
      const text = await beginning(response);
      return {
        kind: 'answered',
        status: response.status,
        body: text,
        words: vendorText(text, withoutSecrets, kept),
      };
    } catch (error) {
      return { kind: 'lost', why: withoutSecrets(innermost(error)) };
    }
  };
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > answerLimit) break;
  }
  return text;
}

function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}

/** What came back, as the end of a sentence. */
export function shown(answer: Answer): string {
  if (answer.kind === 'lost') return `no answer (${answer.why})`;
  const { status, words } = answer;
  return words === '' ? `answer ${status}` : `answer ${status}: ${words}`;
}

export function parsed(answer: Answer): unknown {
  if (answer.kind === 'lost') return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}
