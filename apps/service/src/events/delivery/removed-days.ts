import { eventNameOf } from '@braze-mixpanel/core/mapping';
import type { DayCount, NewBatch } from '@braze-mixpanel/storage';
import { DayTally } from './day-tally.ts';
import { optionsOf } from './map-rows.ts';
import { timeOf } from './skipped-events.ts';

/**
 * Events that are removed from a batch, by name and UTC day; none where the batch's mapping options cannot be
 * read.
 */
export function removedDays(
  { profile, receivedAt }: Pick<NewBatch, 'profile' | 'receivedAt'>,
  events: readonly unknown[],
): DayCount[] {
  const days = new DayTally();
  try {
    const options = optionsOf(profile);
    for (const event of events) days.add(eventNameOf(event, options), timeOf(event) ?? receivedAt / 1_000);
  } catch {
    return [];
  }
  return days.counts();
}
