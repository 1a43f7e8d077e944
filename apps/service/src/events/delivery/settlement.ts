import type { BatchOutcome } from '@braze-mixpanel/storage';
import { DayTally } from './day-tally.ts';
import type { MappedRow, UnmappedEvent } from './map-rows.ts';
import type { OutboundEvent } from './outbound-event.ts';

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
}

/** The answers to a row's events, summed up for the row; no other code counts them. */
export function settlementOf(row: MappedRow, answers: Answers): Settlement {
  const counts = { imported: 0, would_be_sent: 0, unanswered: 0 };
  const days = new DayTally();
  const dead: DeadEvent[] = row.unmapped.map(event => ({ ...event, mapped: undefined }));
  for (const event of row.outbound) {
    const answer = answers.get(event);
    if (answer?.kind === 'refused') {
      const { reason, detail } = answer;
      dead.push({ index: event.index, reason, detail, mapped: event });
    } else {
      counts[answer?.kind ?? 'unanswered'] += 1;
      if (answer !== undefined) days.add(event.event, event.time);
    }
  }
  const { imported, would_be_sent: shadow, unanswered } = counts;
  const skipped = shadow > 0 ? { ...row.skipped, shadow } : row.skipped;
  return { row, imported, unanswered, skipped, dead, days };
}
