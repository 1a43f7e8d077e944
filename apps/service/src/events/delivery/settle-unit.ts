import type { Clean } from '../../vendor-http/vendor-text.ts';
import type { ImportClient } from './import-client.ts';
import type { OutboundEvent } from './map-rows.ts';
import { type Failure, type Verdict, verdictOf } from './verdict.ts';

/** Events that are refused alone, at most, before it is asked whether Mixpanel still accepts others. */
const mostSuspects = 16;

/** An event that was refused alone by an answer that does not name it. */
interface Suspect {
  readonly event: OutboundEvent;
  readonly failure: Failure;
}

/**
 * Sends a unit's requests and goes on until every event has a final answer, imported or dead, or until a failure leaves some
 * without one; these count as not sent. Answers are written into the events' rows as they come.
 *
 * An answer that proves nothing about an event (`unexplained`: a 413, a gateway's page, counts that contradict each other) is no proof
 * against any event: the request itself may be at fault, and every other one like it. So an event dies by it only when it was sent alone
 * and Mixpanel understood another request of the same unit afterwards; until then it is a suspect.
 *
 * - As long as no request was understood, single events from all over the unit are tried. Where one is understood, the rest is halved until
 *   the bad events stand alone. Where none is, the unit fails, and nothing is dead. A unit of one event waits in the same way, until others
 *   come that it can be told apart from.
 * - After 16 suspects in a row, and at the end where there are any, an event of the last request that was understood is sent once more
 *   (Mixpanel recognises it by its `$insert_id`). Where that is not understood any more, the unit fails and the suspects stay pending: a
 *   gateway that begins to refuse everything in the middle of a unit buries nothing.
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
  let suspects: Suspect[] = [];
  let understood: OutboundEvent | undefined;
  let unexplained: Failure | undefined;

  const ask = async (events: readonly OutboundEvent[]): Promise<Verdict> =>
    verdictOf(
      await send(
        events.map(event => event.json),
        stop,
      ),
      events.map(event => event.insertId),
      withoutSecrets,
    );

  const settle = async (events: readonly OutboundEvent[]): Promise<Failure | undefined> => {
    const verdict = await ask(events);
    switch (verdict.kind) {
      case 'retry':
      case 'park':
        return verdict;
      case 'unexplained':
        unexplained = verdict.failure;
        if (events.length > 1) waiting = [...waiting, ...halves(events)];
        else suspects.push({ event: events[0]!, failure: verdict.failure });
        return undefined;
      case 'imported':
      case 'partly_refused': {
        const refused = verdict.kind === 'partly_refused' ? verdict.refused : undefined;
        for (const [position, event] of events.entries()) conclude(event, refused?.get(position));
        understood = events[0];
        bury();
        return undefined;
      }
    }
  };

  const bury = () => {
    for (const { event, failure } of suspects) conclude(event, failure.detail);
    suspects = [];
  };

  const sample = async (failure: Failure): Promise<Failure | undefined> => {
    for (const event of spread(waiting.flat(), mostSuspects - suspects.length)) {
      waiting = waiting.map(piece => piece.filter(each => each !== event));
      const ended = await settle([event]);
      if (ended !== undefined) return ended;
      if (understood !== undefined) {
        waiting = waiting.filter(piece => piece.length > 0);
        return undefined;
      }
    }
    return failure;
  };

  const confirm = async (event: OutboundEvent): Promise<Failure | undefined> => {
    if (suspects.length === 0) return undefined;
    const verdict = await ask([event]);
    if (verdict.kind === 'unexplained') return verdict.failure;
    if (verdict.kind === 'retry' || verdict.kind === 'park') return verdict;
    bury();
    return undefined;
  };

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    let failure = await settle(next);
    if (failure === undefined && unexplained !== undefined) {
      if (understood === undefined) failure = await sample(unexplained);
      else if (suspects.length >= mostSuspects) failure = await confirm(understood);
    }
    if (failure !== undefined) return failure;
  }
  return understood === undefined ? undefined : confirm(understood);
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
