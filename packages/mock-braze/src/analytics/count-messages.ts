/** How an event changes the numbers of a campaign. */
import type { MessageEvent } from './channels.ts';
import type { DailyCounts } from './daily-counts.ts';
import { hashOf } from './distinct-count.ts';
import { type Emitted, shortText } from './emitted.ts';
import { conversionNames, whole } from './series.ts';

/** Adds a message event at its channel and variation. Users without any ID count as one. */
export function countMessage(
  counts: DailyCounts,
  day: number,
  { user = '', properties }: Emitted,
  { channel, counts: statistics, unique }: MessageEvent,
  step = '',
): void {
  const place = { step, channel, variation: shortText(properties.message_variation_id) ?? '' };
  for (const statistic of statistics) counts.add(day, place, statistic);
  if (unique === undefined) return;
  const { statistic, days = 1 } = unique;
  const dispatch = days > 1 ? (shortText(properties.dispatch_id) ?? '') : '';
  counts.addOnce(day, place, statistic, hashOf(`${user}\n${dispatch}`), days);
}

/** Adds a recipient of the day. */
export function countRecipient(counts: DailyCounts, day: number, { user = '' }: Emitted): void {
  counts.addOnce(day, whole, 'unique_recipients', hashOf(user));
}

/** Adds a conversion of a campaign on its day, and on the day of the latest send. */
export function countConversion(
  counts: DailyCounts,
  day: number,
  sendDay: number,
  { properties }: Emitted,
): void {
  const index = Number(
    shortText(properties.conversion_behavior_index) ?? properties.conversion_behavior_index,
  );
  const name = conversionNames[index] ?? conversionNames[0];
  counts.add(day, whole, name);
  counts.add(sendDay, whole, `${name}_by_send_time`);
}
