import type { Clean } from '../vendors/vendor-text.ts';
import type { ImportClient } from './import-client.ts';
import type { OutboundEvent } from './map-rows.ts';
import { type Failure, verdictOf } from './verdict.ts';

/** Events that are tried alone, at most, to find out whether Mixpanel takes any. */
const mostSamples = 16;

/**
 * Sends a unit's requests and goes on until every event has a final answer, imported or dead, or until a failure leaves some
 * without one; these count as not sent. Answers are written into the events' rows as they come.
 *
 * A refusal that names no event (`unexplained`) is no proof against any event: the request itself may be at fault, and every other one
 * like it. So an event is refused by it only when it was sent alone and Mixpanel understood another request of the same unit. After
 * the first such refusal single events from all over the unit are tried, up to 16 and until one is understood. When one is, the
 * rest is halved until the bad ones stand alone; when none is, the unit fails as `mixpanel_refuses_all`, and nothing is dead. A unit
 * of one event waits in the same way, until others come that it can be told apart from.
 *
 * Bounds: a unit that is refused as a whole costs at most 17 requests. Fewer than 16 bad events never pass for a refusal of the
 * whole while there is a good one beside them.
 *
 * @returns the failure that ended it, if one did
 */
export async function settleUnit(
  requests: readonly (readonly OutboundEvent[])[],
  send: ImportClient,
  stop: AbortSignal,
  withoutSecrets?: Clean,
): Promise<Failure | undefined> {
  let waiting = requests.toReversed();
  const suspects: { event: OutboundEvent; detail: string }[] = [];
  let understood = false;
  let unexplained: string | undefined;

  const settle = async (events: readonly OutboundEvent[]): Promise<Failure | undefined> => {
    const exchange = await send(
      events.map(event => event.json),
      stop,
    );
    const verdict = verdictOf(
      exchange,
      events.map(event => event.insertId),
      withoutSecrets,
    );
    switch (verdict.kind) {
      case 'retry':
      case 'park':
        return verdict;
      case 'imported':
        understood = true;
        for (const event of events) conclude(event);
        return undefined;
      case 'partly_refused':
        understood = true;
        for (const [position, event] of events.entries()) conclude(event, verdict.refused.get(position));
        return undefined;
      case 'refused':
        for (const event of events) conclude(event, verdict.detail);
        return undefined;
      case 'unexplained':
        unexplained ??= verdict.detail;
        if (events.length === 1) suspects.push({ event: events[0]!, detail: verdict.detail });
        else waiting.push(...halves(events));
        return undefined;
      case 'halve':
        waiting.push(...halves(events));
        return undefined;
    }
  };

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const failure = await settle(next);
    if (failure !== undefined) return failure;
    if (unexplained === undefined || understood) continue;

    for (const event of spread(waiting.flat(), mostSamples)) {
      waiting = waiting.map(piece => piece.filter(each => each !== event));
      const failure = await settle([event]);
      if (failure !== undefined) return failure;
      if (understood) break;
    }
    if (!understood) return { kind: 'park', code: 'mixpanel_refuses_all', detail: unexplained };
    waiting = waiting.filter(piece => piece.length > 0);
  }
  for (const { event, detail } of suspects) conclude(event, detail);
  return undefined;
}

/** The second half first: what is pushed last is sent first. */
function halves(events: readonly OutboundEvent[]): OutboundEvent[][] {
  const middle = Math.ceil(events.length / 2);
  return [events.slice(middle), events.slice(0, middle)];
}

/** Up to `most` elements, evenly spread, both ends among them. */
export function spread<Element>(elements: readonly Element[], most: number): Element[] {
  if (elements.length <= most) return [...elements];
  return Array.from(
    { length: most },
    (_, place) => elements[Math.round((place * (elements.length - 1)) / (most - 1))]!,
  );
}

/** Writes an event's final answer into its row: imported, or refused for a reason. */
function conclude(event: OutboundEvent, refusal?: string): void {
  const { row, index } = event;
  row.unanswered -= 1;
  if (refusal === undefined) {
    row.imported += 1;
    row.days.add(event.event, event.time);
  } else row.dead.push({ index, reason: 'refused_by_mixpanel', detail: refusal, mapped: event });
}
