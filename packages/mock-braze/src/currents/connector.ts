import { type Answer, type OutgoingRequest, post } from '@braze-mixpanel/simulator-kit';
import type { Batch } from './queue.ts';

/**
 * The specifics of one kind of Current for the common sender: how an event is encoded, where it is sent, and
 * what an answer means.
 */
export interface Connector {
  /** Maximum batch size of this kind of Current. */
  readonly batchSize: number;
  /** Milliseconds of the simulation clock, such as an hour: a batch has no events of two of them. */
  readonly span?: number;
  encode(event: unknown): Encoded;
  /** One attempt to deliver a batch. It never throws: failures are part of the result. */
  deliver(batch: OutgoingBatch, exchange: Exchange): Promise<Delivery>;
}

/** A batch of events of one type. */
export interface OutgoingBatch extends Pick<Batch, 'items' | 'queuedAt' | 'late'> {
  readonly eventType: string;
}

/** How a connector sends requests. */
export interface Exchange {
  readonly fetch: typeof fetch;
  /** In real milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The outcome of an attempt, and what it means. */
export interface Delivery {
  /** Absent if nothing was attempted. */
  readonly outcome?: Outcome;
  readonly verdict: Verdict;
  /** The request, if there was one. */
  readonly request?: OutgoingRequest;
}

/** An answer, the path of a written file, or the reason why there is neither. */
export type Outcome = Answer | { readonly file: string };

/** An event as JSON text, or the reason why Braze does not send it. */
export type Encoded =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'skipped' | 'dropped'; readonly reason: string };

/** The meaning of an outcome. A connection failure is `transient`. */
export type Verdict =
  /** Accepted: never sent again. `dropped` events of the batch were rejected for good. */
  | { readonly kind: 'taken'; readonly dropped: number }
  /** Sent again one event at a time; an event rejected on its own is dropped. */
  | { readonly kind: 'alone' }
  /** Sent again in halves; a single event that is still too large is dropped. */
  | { readonly kind: 'split' }
  /** Nothing was attempted. The batch is late: it is delivered after `delay` milliseconds. */
  | { readonly kind: 'later'; readonly delay: number }
  /** The credentials or the address are wrong. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'transient' };

/** Delivery by HTTP requests: a batch is one request. */
export function httpDelivery(
  request: (items: readonly string[]) => OutgoingRequest,
  verdict: (status: number, body: string) => Verdict,
): Connector['deliver'] {
  return async ({ items }, { fetch: send, timeout, signal }) => {
    const sent = request(items);
    const outcome = await post(send, sent, timeout, signal);
    const isAnswer = 'status' in outcome;
    return {
      ...{ outcome, request: sent },
      verdict: isAnswer ? verdict(outcome.status, outcome.body) : { kind: 'transient' },
    };
  };
}

/** The requests of the connector `next`, or of `old` while `useOld` returns true. */
export function mixed(next: Connector, old: Connector, useOld: () => boolean): Connector {
  return {
    get batchSize() {
      return next.batchSize;
    },
    ...(next.span !== undefined && { span: next.span }),
    encode: event => next.encode(event),
    deliver: (batch, exchange) => (useOld() ? old : next).deliver(batch, exchange),
  };
}

/**
 * Maximum size of an event: 900 KB, read as kibibytes so that no event within the documented limit is
 * dropped.
 */
const largestEvent = 900 * 1024;

export function writeEvent(event: unknown): Encoded {
  const encoded = writeJson(event);
  if (encoded.kind !== 'send') return encoded;
  const { text } = encoded;
  const isTooLarge =
    text.length > largestEvent || (text.length * 3 > largestEvent && Buffer.byteLength(text) > largestEvent);
  return isTooLarge ? { kind: 'dropped', reason: 'event above 900 KB' } : encoded;
}

/** `JSON.stringify` is recursive and fails at depths that `JSON.parse` still reads. */
export function writeJson(event: unknown): Encoded {
  try {
    return { kind: 'send', text: JSON.stringify(event) };
  } catch (error) {
    if (error instanceof RangeError)
      return { kind: 'dropped', reason: 'nested too deep to be written as JSON' };
    throw error;
  }
}
