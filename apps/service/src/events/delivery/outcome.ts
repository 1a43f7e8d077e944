import { eventNameOf } from '@braze-mixpanel/core/mapping';
import { insertIdOf } from '@braze-mixpanel/core/mixpanel';
import type { BatchOutcome, HeldBatch, NewDeadLetter, PendingBatch } from '@braze-mixpanel/storage';
import { batchId } from '../body/batch-id.ts';
import { eventTexts } from '../body/event-texts.ts';
import { bodyOf, bodyText } from '../body/stored-body.ts';
import type { HeldGroup } from './hold-events.ts';
import { keptOutcomesOf } from './kept-outcomes.ts';
import { optionsOf } from './map-rows.ts';
import { dayAt } from './outcome-tally.ts';
import type { DeadEvent, Settlement } from './settlement.ts';
import { timeOf } from './skipped-events.ts';

/**
 * The outcome of a row whose every event has its final answer, for storage. Originals are cut out of the body
 * only for dead and held events.
 *
 * @param at milliseconds since 1970
 */
export function outcomeOf(
  { row, imported, skipped, dead, days, outcomes }: Settlement,
  at: number,
): BatchOutcome {
  const { batch, notes, held, users } = row;
  const originals = dead.length + held.length > 0 ? eventTexts(bodyText(batch.body)) : [];
  return {
    id: batch.id,
    at,
    imported,
    skipped,
    deadLetters: dead.length === 0 ? [] : deadLetters(batch, dead, originals),
    ...(held.length > 0 && { held: held.map(group => heldBatch(group, originals)) }),
    notes,
    days: days.counts(),
    dayOutcomes: outcomes.counts(),
    ...(users !== undefined && { users, outcomes: keptOutcomesOf(row, dead) }),
  };
}

function heldBatch({ until, indexes }: HeldGroup, originals: readonly string[]): HeldBatch {
  return { until, events: indexes.length, body: bodyOf(indexes.map(index => originals[index]!)) };
}

function deadLetters(
  row: PendingBatch,
  dead: readonly DeadEvent[],
  originals: readonly string[],
): NewDeadLetter[] {
  const batch = batchId(row.body);
  return [...dead]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, detail, mapped }) => {
      const original = originals[index]!;
      const event: unknown = JSON.parse(original);
      const id = textAt(event, 'id');
      return {
        reason,
        detail,
        eventType: textAt(event, 'event_type')?.slice(0, 200).toWellFormed(),
        insertId: mapped?.insertId ?? (id ? insertIdOf(id) : undefined),
        batch,
        original,
        mapped: mapped?.json,
        counted: mapped ? { event: mapped.event, day: dayAt(mapped.time) } : countedAs(event, row),
      };
    });
}

function textAt(event: unknown, key: string): string | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, key)) return undefined;
  const text = (event as Record<string, unknown>)[key];
  return typeof text === 'string' ? text : undefined;
}

/** Name and day of an event that was not mapped; the day of its receipt where it has no usable time. */
const countedAs = (event: unknown, { profile, receivedAt }: PendingBatch) => ({
  event: eventNameOf(event, optionsOf(profile)),
  day: dayAt(timeOf(event) ?? receivedAt / 1_000),
});
