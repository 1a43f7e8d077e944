import type { ImportClient } from './import-client.ts';
import type { OutboundEvent } from './map-rows.ts';
import { type Failure, type Verdict, verdictOf } from './verdict.ts';

/**
 * Sends one request and goes on until every event in it has a final answer, imported or dead, or until a failure leaves some
 * without one; these count as not sent. Answers are written into the events' rows as they come.
 *
 * @returns the failure that ended it, if one did
 */
export async function settleRequest(
  events: readonly OutboundEvent[],
  send: ImportClient,
  stop: AbortSignal,
): Promise<Failure | undefined> {
  const waiting = [events];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const exchange = await send(
      next.map(event => event.json),
      stop,
    );
    const verdict = verdictOf(
      exchange,
      next.map(event => event.insertId),
    );
    if (verdict.kind === 'retry' || verdict.kind === 'park') return verdict;
    if (verdict.kind === 'halve') {
      const middle = Math.ceil(next.length / 2);
      waiting.push(next.slice(middle), next.slice(0, middle));
    } else {
      record(next, verdict);
    }
  }
  return undefined;
}

function record(
  events: readonly OutboundEvent[],
  verdict: Exclude<Verdict, Failure | { kind: 'halve' }>,
): void {
  for (const [position, event] of events.entries()) {
    const refusal =
      verdict.kind === 'refused'
        ? verdict.detail
        : verdict.kind === 'partly_refused'
          ? verdict.refused.get(position)
          : undefined;
    event.row.unanswered -= 1;
    if (refusal === undefined) event.row.imported += 1;
    else
      event.row.dead.push({
        index: event.index,
        reason: 'refused_by_mixpanel',
        detail: refusal,
        mapped: event,
      });
  }
}
