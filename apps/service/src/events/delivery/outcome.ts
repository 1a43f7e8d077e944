import { insertIdOf } from '@braze-mixpanel/core/mixpanel';
import type { BatchOutcome, HeldBatch, NewDeadLetter } from '@braze-mixpanel/storage';
import { batchId } from '../body/batch-id.ts';
import { eventTexts } from '../body/event-texts.ts';
import { bodyOf, bodyText } from '../body/stored-body.ts';
import type { HeldGroup } from './hold-events.ts';
import type { DeadEvent, Settlement } from './settlement.ts';

/**
 * The outcome of a row whose every event has its final answer, for storage. Originals are cut out of the body
 * only for dead and held events.
 */
export function outcomeOf({ row, imported, skipped, dead, days }: Settlement): BatchOutcome {
  const { batch, notes, held } = row;
  const originals = dead.length + held.length > 0 ? eventTexts(bodyText(batch.body)) : [];
  return {
    id: batch.id,
    imported,
    skipped,
    deadLetters: dead.length === 0 ? [] : deadLetters(batch.body, dead, originals),
    ...(held.length > 0 && { held: held.map(group => heldBatch(group, originals)) }),
    notes,
    days: days.counts(),
  };
}

function heldBatch({ until, indexes }: HeldGroup, originals: readonly string[]): HeldBatch {
  return { until, events: indexes.length, body: bodyOf(indexes.map(index => originals[index]!)) };
}

function deadLetters(
  body: Uint8Array,
  dead: readonly DeadEvent[],
  originals: readonly string[],
): NewDeadLetter[] {
  const batch = batchId(body);
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
      };
    });
}

function textAt(event: unknown, key: string): string | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, key)) return undefined;
  const text = (event as Record<string, unknown>)[key];
  return typeof text === 'string' ? text : undefined;
}
