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
 */
export function settlementOf(row: MappedRow, answers: Answers, company?: ProjectTimeZone): Settlement {
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
  const skipped = shadow > 0 ? { ...row.skipped, shadow } : row.skipped;
  return { row, imported, unanswered, skipped, dead, days, outcomes };
}

const dayNumber = (seconds: number): number => Math.floor(seconds / 86_400);
