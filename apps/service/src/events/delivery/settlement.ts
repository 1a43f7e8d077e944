import type { ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { BatchOutcome } from '@braze-mixpanel/storage';
import { DayTally } from './day-tally.ts';
import type { MappedRow, UnmappedEvent } from './map-rows.ts';
import type { OutboundEvent } from './outbound-event.ts';
import { OutcomeTally } from './outcome-tally.ts';

/** The final answer to one mapped event. */
export type EventAnswer =
  | { readonly kind: 'imported' | 'would_be_sent' }
  | {
      readonly kind: 'refused';
      readonly reason: 'refused_by_mixpanel' | 'refused_in_shadow';
      readonly detail: string;
    };

/** Final answers by event; an event without one is absent. */
export type Answers = ReadonlyMap<OutboundEvent, EventAnswer>;

/** An event that becomes a dead letter. */
export interface DeadEvent extends UnmappedEvent {
  readonly mapped: OutboundEvent | undefined;
}

/** A leased row with the answers to its events. */
export interface Settlement extends Pick<BatchOutcome, 'imported' | 'skipped'> {
  readonly row: MappedRow;
  /** Mapped events without a final answer. */
  readonly unanswered: number;
  readonly dead: readonly DeadEvent[];
  /** Imported events, or in shadow mode those that would be sent. */
  readonly days: DayTally;
  /** What else became of the row's events, dead ones apart. */
  readonly outcomes: OutcomeTally;
}

/**
 * The answers to a row's events, summed up for the row; no other code counts them.
 *
 * @param company time zone of the Braze company; `undefined` for UTC
 * @param isAgain whether an event of this ID was not imported before; called only for a row with all answers
 */
export function settlementOf(
  row: MappedRow,
  answers: Answers,
  company?: ProjectTimeZone,
  isAgain: (id: string) => boolean = () => false,
): Settlement {
  const counts = { imported: 0, would_be_sent: 0, unanswered: 0 };
  const days = new DayTally();
  const outcomes = new OutcomeTally(company);
  const receivedOn = dayNumber(row.batch.receivedAt / 1_000);
  const dead: DeadEvent[] = row.unmapped.map(event => ({ ...event, mapped: undefined }));
  for (const event of row.outbound) {
    const answer = answers.get(event);
    if (answer?.kind === 'refused') {
      const { reason, detail } = answer;
      dead.push({ index: event.index, reason, detail, mapped: event });
    } else {
      counts[answer?.kind ?? 'unanswered'] += 1;
      if (answer === undefined) continue;
      days.add(event.event, event.time);
      outcomes.addDay(event.event, event.time);
      if (answer.kind === 'would_be_sent') outcomes.add('skipped', 'shadow', event.event, event.time);
      if (dayNumber(event.time) !== receivedOn) outcomes.add('late', '', event.event, event.time);
    }
  }
  for (const { event, reason, time, count } of row.skippedEvents) {
    outcomes.add('skipped', reason, event, time, count);
    outcomes.addDay(event, time, count);
  }
  const { imported, would_be_sent: shadow, unanswered } = counts;
  if (unanswered === 0) countAgain(row, answers, outcomes, isAgain);
  const skipped = shadow > 0 ? { ...row.skipped, shadow } : row.skipped;
  return { row, imported, unanswered, skipped, dead, days, outcomes };
}

/** Counts events that are not imported a second time, as far as Mixpanel does not show it: skipped ones. */
function countAgain(
  { skippedEvents, outbound }: MappedRow,
  answers: Answers,
  outcomes: OutcomeTally,
  isAgain: (id: string) => boolean,
): void {
  for (const { event, reason, time, ids } of skippedEvents) {
    const again = ids.filter(isAgain).length;
    if (again > 0) outcomes.addOnCompanyDay('skipped_again', reason, event, time, again);
  }
  for (const sent of outbound)
    if (answers.get(sent)?.kind === 'would_be_sent' && isAgain(sent.insertId))
      outcomes.addOnCompanyDay('skipped_again', 'shadow', sent.event, sent.time);
}

const dayNumber = (seconds: number): number => Math.floor(seconds / 86_400);
