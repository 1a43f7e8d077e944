/** How an event changes the numbers of a campaign. */
import type { MessageEvent } from './channels.ts';
import type { CompanyTime } from './company-time.ts';
import { conversionNameOf, countMessage } from './count-messages.ts';
import type { DailyCounts } from './daily-counts.ts';
import { hashOf } from './distinct-count.ts';
import type { Emitted } from './emitted.ts';
import { whole } from './series.ts';

/**
 * Counts an event of a campaign or of one of its sends. A conversion counts on its day, and on the day of the
 * latest message, which was sent at `sentAt` (milliseconds since 1970; by default the time of the conversion).
 */
export function countInCampaign(
  counts: DailyCounts,
  time: CompanyTime,
  emitted: Emitted,
  message: MessageEvent | undefined,
  sentAt = emitted.time,
): void {
  const day = time.dayOf(emitted.time);
  if (message) countMessage(counts, day, emitted, message);
  if (message?.received) counts.at(whole).addOnce(day, 'unique_recipients', hashOf(emitted.user ?? ''));
  if (emitted.eventType !== 'users.campaigns.Conversion') return;
  const name = conversionNameOf(emitted);
  counts.at(whole).add(day, name);
  counts.at(whole).add(time.dayOf(sentAt), `${name}_by_send_time`);
}
