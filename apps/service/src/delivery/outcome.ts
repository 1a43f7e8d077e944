import { eventTexts } from '../dead-letters/event-texts.ts';
import { bodyText } from '../ingest/envelope.ts';
import type { BatchOutcome, NewDeadLetter } from '../storage/types.ts';
import type { DeadEvent, RowProgress } from './map-rows.ts';

/** What storage is told of a row whose every event has its final answer. Originals are cut out of the body only for dead events. */
export function outcomeOf(row: RowProgress): BatchOutcome {
  const { batch, imported, skipped, dead, notes, days } = row;
  return {
    id: batch.id,
    imported,
    skipped,
    deadLetters: dead.length === 0 ? [] : deadLetters(row, dead),
    notes,
    days: days.counts(),
  };
}

function deadLetters(row: RowProgress, dead: readonly DeadEvent[]): NewDeadLetter[] {
  const texts = eventTexts(bodyText(row.batch.body));
  return [...dead]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, detail, mapped }) => {
      const original = texts[index]!;
      return {
        reason,
        detail,
        eventType: eventTypeOf(original),
        insertId: mapped?.insertId,
        original,
        mapped: mapped?.json,
      };
    });
}

function eventTypeOf(original: string): string | undefined {
  const event: unknown = JSON.parse(original);
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'event_type')) return undefined;
  const { event_type } = event as { event_type: unknown };
  return typeof event_type === 'string' ? event_type.slice(0, 200).toWellFormed() : undefined;
}
