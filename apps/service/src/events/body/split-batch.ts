import { setImmediate as nextTurn } from 'node:timers/promises';
import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { BatchPart } from '@braze-mixpanel/storage';
import { eventSpans } from './event-texts.ts';
import { bodyOf, bodyText } from './stored-body.ts';

/** A batch of more events is split before it is mapped: it was accepted when there was no bound, or under a higher one. */
const mostMappedAtOnce = 5 * importLimits.eventsPerRequest;

/** Events whose places are found between two turns of the event loop. */
const eventsPerTurn = 5 * importLimits.eventsPerRequest;

export const isOversize = ({ events }: { events: number }): boolean => events > mostMappedAtOnce;

/**
 * Cuts a body into bodies of one full request each, in order, every event as it came. Nothing is parsed: it takes the memory of the bytes,
 * whatever the number of events, and requests are answered meanwhile.
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
    if (seen % eventsPerTurn === 0) await nextTurn();
  }
  close();
  return parts;
}
