import type { OutgoingRequest } from '@braze-mixpanel/simulator-kit';

/**
 * The specifics of one kind of Current for the common sender: how an event is encoded, where it is sent, and
 * what an answer means.
 */
export interface Connector {
  /** Maximum batch size of this kind of Current. */
  readonly batchSize: number;
  encode(event: unknown): Encoded;
  request(items: readonly string[]): OutgoingRequest;
  verdict(status: number, body: string): Verdict;
}

/** An event as JSON text, or the reason why Braze does not send it. */
export type Encoded =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'skipped' | 'dropped'; readonly reason: string };

/** The meaning of an answer. A connection failure is `transient`. */
export type Verdict =
  /** Accepted: never sent again. `dropped` events of the batch were rejected for good. */
  | { readonly kind: 'taken'; readonly dropped: number }
  /** Sent again one event at a time; an event rejected on its own is dropped. */
  | { readonly kind: 'alone' }
  /** Sent again in halves; a single event that is still too large is dropped. */
  | { readonly kind: 'split' }
  /** The credentials or the address are wrong. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'transient' };

/** The requests of the connector `next`, or of `old` while `useOld` returns true. */
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

/**
 * Maximum size of an event: 900 KB, read as kibibytes so that no event within the documented limit is
 * dropped.
 */
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

/** `JSON.stringify` is recursive and fails at depths that `JSON.parse` still reads. */
function stringify(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
