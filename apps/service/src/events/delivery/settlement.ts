import type { BatchOutcome } from '@braze-mixpanel/storage';
import { DayTally } from './day-tally.ts';
import type { MappedRow, OutboundEvent, UnmappedEvent } from './map-rows.ts';

/** The final answer to one mapped event. */
export type EventAnswer =
  | { readonly kind: 'imported' | 'would_be_sent' }
  | {
      readonly kind: 'refused';
      readonly reason: 'refused_by_mixpanel' | 'refused_in_shadow';
      readonly detail: string;
    };

/** Final answers; an event that is not in it has none yet. */
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
  /** Of what was imported, or would be sent if the row were not in shadow. */
  readonly days: DayTally;
}

/** Folds the answers to a row's events into the row: the only place that counts them. */
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
