import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { BatchPart } from '@braze-mixpanel/storage';
import { eventSpans } from './event-texts.ts';
import { bodyOf, bodyText } from './stored-body.ts';

/**
 * Events of a batch above which it is split before mapping: it was accepted without a limit, or under a
 * higher one.
 */
const mostMappedAtOnce = 5 * importLimits.eventsPerRequest;

/** Events located between two yields to the event loop. */
const eventsPerSlice = 5 * importLimits.eventsPerRequest;

export const isOversize = ({ events }: { events: number }): boolean => events > mostMappedAtOnce;

/**
 * Bodies of one full request each that a body is cut into, in order, every event as it arrived. Nothing is
 * parsed: memory is bounded by the bytes, for any number of events, and the event loop runs meanwhile.
 *
 * @throws Error when the body is not what `accept` stored
 */
export async function partsOf(body: Uint8Array): Promise<BatchPart[]> {
  const text = bodyText(body);
  const parts: BatchPart[] = [];
  let events = 0;
  let begin = 0;
  let end = 0;
  const close = () => {
    if (events > 0) parts.push({ events, body: bodyOf([text.slice(begin, end)]) });
    events = 0;
  };
  let seen = 0;
  for (const { from, to } of eventSpans(text)) {
    if (events === 0) begin = from;
    end = to;
    events += 1;
    if (events === importLimits.eventsPerRequest) close();
    seen += 1;
    if (seen % eventsPerSlice === 0) await yieldToEvents();
  }
  close();
  return parts;
}
