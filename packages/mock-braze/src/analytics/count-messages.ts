/** How an event of a message changes the numbers of a campaign or Canvas. */
import type { MessageEvent } from './channels.ts';
import type { DailyCounts } from './daily-counts.ts';
import { hashOf } from './distinct-count.ts';
import { type Emitted, shortText } from './emitted.ts';
import { conversionNames } from './series.ts';

/** Adds a message event at its channel and variation. Users without any ID count as one. */
export function countMessage(
  counts: DailyCounts,
  day: number,
  { user = '', properties }: Emitted,
  { channel, counts: statistics, unique }: MessageEvent,
  step = '',
): void {
  const message = counts.at({ step, channel, variation: shortText(properties.message_variation_id) ?? '' });
  for (const statistic of statistics) message.add(day, statistic);
  if (unique === undefined) return;
  const { statistic, days = 1 } = unique;
  const dispatch = days > 1 ? (shortText(properties.dispatch_id) ?? '') : '';
  message.addOnce(day, statistic, hashOf(`${user}\n${dispatch}`), days);
}

/** The statistic of a conversion, by its behavior; of the first one (A) if that is unknown. */
export function conversionNameOf({ properties: { conversion_behavior_index: index } }: Emitted): string {
  const behavior = typeof index === 'string' || typeof index === 'number' ? Number(index) : 0;
  return conversionNames[behavior] ?? conversionNames[0];
}
