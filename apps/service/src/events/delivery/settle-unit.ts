import type { Clean } from '../../vendor-http/vendor-text.ts';
import type { ImportClient } from './import-client.ts';
import type { OutboundEvent } from './outbound-event.ts';
import type { Answers, EventAnswer } from './settlement.ts';
import { type Failure, type Understood, type Verdict, verdictOf } from './verdict.ts';

const imported = { kind: 'imported' } as const;
/**
 * Maximum of events that are refused alone before another request tests whether Mixpanel still accepts
 * events.
 */
const mostSuspects = 16;

/**
 * An event that was refused alone twice by answers that do not name it; Mixpanel understood a request in
 * between.
 */
interface Accused {
  readonly event: OutboundEvent;
  readonly detail: string;
}

/**
 * Sends a unit's requests until every event has a final answer, imported or dead, or until a failure leaves
 * some without one; these count as not sent.
 *
 * An answer that proves nothing about an event (`unexplained`: a 413, a gateway's page, contradictory counts)
 * is no proof against any event: the request itself may be at fault, and every other one like it. An event
 * that was sent alone and got such an answer is a suspect. Once Mixpanel understands a request, each suspect
 * is sent alone once more. It becomes a dead letter only if it is refused again and Mixpanel understands
 * another request afterwards, so one glitch, of any length, makes no dead letter of a healthy event. An
 * answer 200 refuses nothing: an event that gets a contradictory one the second time stays open, and the unit
 * fails.
 *
 * - As long as no request was understood, single events from all parts of the unit are tried. Once one is
 *   understood, the rest is halved until each bad event is in a request of its own. If none is, the unit
 *   fails, and nothing is dead. A unit of one event waits in the same way for other events to compare it
 *   with.
 * - After 16 suspects in a row, and at the end where anything is undecided, an event of the last request that
 *   was understood is sent once more (Mixpanel recognises it by its `$insert_id`). If that is not understood
 *   any more, the unit fails and the suspects stay pending: a gateway that begins to refuse everything in the
 *   middle of a unit makes no dead letter.
 *
 * Bounds: a unit that is refused as a whole costs at most 17 requests; a suspect costs one more request.
 * Fewer than 16 bad events are never mistaken for a refusal of the whole while there is a good one beside
 * them.
 *
 * @returns the final answers, and the failure that ended it or that left an event open
 */
export async function settleUnit(
  requests: readonly (readonly OutboundEvent[])[],
  send: ImportClient,
  stop: AbortSignal,
  withoutSecrets?: Clean,
): Promise<{ readonly answers: Answers; readonly failure: Failure | undefined }> {
  const answers = new Map<OutboundEvent, EventAnswer>();
  const conclude = (event: OutboundEvent, detail?: string) =>
    answers.set(
      event,
      detail === undefined ? imported : { kind: 'refused', reason: 'refused_by_mixpanel', detail },
    );
  let waiting = requests.toReversed();
  let suspects: OutboundEvent[] = [];
  let accused: Accused[] = [];
  let understood: OutboundEvent | undefined;
  let unexplained: Failure | undefined;
  let open: Failure | undefined;

  const ask = async (events: readonly OutboundEvent[]): Promise<Verdict> =>
    verdictOf(
      await send(events, stop),
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
        else suspects.push(events[0]!);
        return undefined;
      case 'imported':
      case 'partly_refused':
        take(events, verdict);
        return retrySuspects();
    }
  };

  const take = (events: readonly OutboundEvent[], verdict: Understood) => {
    const refused = verdict.kind === 'partly_refused' ? verdict.refused : undefined;
    for (const [position, event] of events.entries()) conclude(event, refused?.get(position));
    understood = events[0];
    bury();
  };

  const bury = () => {
    for (const { event, detail } of accused) conclude(event, detail);
    accused = [];
  };

  /** Sends every suspect alone once more: Mixpanel just understood a request. */
  const retrySuspects = async (): Promise<Failure | undefined> => {
    const again = suspects;
    suspects = [];
    for (const event of again) {
      const verdict = await ask([event]);
      if (verdict.kind === 'retry' || verdict.kind === 'park') return verdict;
      if (verdict.kind !== 'unexplained') take([event], verdict);
      else if (verdict.failure.kind === 'retry') open = verdict.failure;
      else accused.push({ event, detail: verdict.failure.detail });
    }
    return undefined;
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
    const verdict = await ask([event]);
    if (verdict.kind === 'unexplained') return verdict.failure;
    if (verdict.kind === 'retry' || verdict.kind === 'park') return verdict;
    bury();
    return retrySuspects();
  };

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    let failure = await settle(next);
    if (failure === undefined && unexplained !== undefined) {
      if (understood === undefined) failure = await sample(unexplained);
      else if (suspects.length >= mostSuspects) failure = await confirm(understood);
    }
    if (failure !== undefined) return { answers, failure };
  }
  while (understood !== undefined && suspects.length + accused.length > 0) {
    const failure = await confirm(understood);
    if (failure !== undefined) return { answers, failure };
  }
  return { answers, failure: open };
}

/** The second half first: the last one pushed is sent first. */
function halves(events: readonly OutboundEvent[]): OutboundEvent[][] {
  const middle = Math.ceil(events.length / 2);
  return [events.slice(middle), events.slice(0, middle)];
}

/** Up to `most` elements, evenly spread, with the first and the last. */
export function spread<Element>(elements: readonly Element[], most: number): Element[] {
  if (elements.length <= most) return [...elements];
  return Array.from(
    { length: most },
    (_, place) => elements[Math.round((place * (elements.length - 1)) / (most - 1))]!,
  );
}
