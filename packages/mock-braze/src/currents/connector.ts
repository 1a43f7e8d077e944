import type { OutgoingRequest } from '@braze-mixpanel/simulator-kit';

/** What a kind of Current adds to the common sender: how an event is written, where it goes, what an answer means. */
export interface Connector {
  /** The largest batch this kind of Current sends. */
  readonly batchSize: number;
  encode(event: unknown): Encoded;
  request(items: readonly string[]): OutgoingRequest;
  verdict(status: number, body: string): Verdict;
}

/** One event as JSON text, or why it does not leave Braze. */
export type Encoded =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'skipped' | 'dropped'; readonly reason: string };

/** What Braze makes of an answer. A connection failure is `transient`. */
export type Verdict =
  /** Never sent again; `dropped` events of it were refused for good. */
  | { readonly kind: 'taken'; readonly dropped: number }
  /** Sent again one event at a time; an event refused when alone is dropped for good. */
  | { readonly kind: 'alone' }
  /** Sent again in halves; a single event that is still too large is dropped. */
  | { readonly kind: 'split' }
  /** The credentials or the address are wrong. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'transient' };

/** The requests of `next`, and those of `old` whenever `useOld` says so. */
export function mixed(next: Connector, old: Connector, useOld: () => boolean): Connector {
  return {
    get batchSize() {
      return next.batchSize;
    },
    encode: event => next.encode(event),
    request: items => (useOld() ? old : next).request(items),
    verdict: (status, body) => next.verdict(status, body),
  };
}

/** Braze drops an event above 900 KB; read as kibibytes, so that nothing the text allows is lost. */
const largestEvent = 900 * 1024;

export function writeEvent(event: unknown): Encoded {
  const text = stringify(event);
  if (text === undefined) return { kind: 'dropped', reason: 'nested too deep to be written as JSON' };
  if (
    text.length > largestEvent ||
    (text.length * 3 > largestEvent && Buffer.byteLength(text) > largestEvent)
  ) {
    return { kind: 'dropped', reason: 'event above 900 KB' };
  }
  return { kind: 'send', text };
}

/** `JSON.stringify` works recursively and gives up where `JSON.parse` does not. */
function stringify(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
