/** Daily series of message statistics, as campaigns and Canvas steps have them. */
import type { Variation } from './campaigns.ts';
import { type Channel, statisticsOf } from './channels.ts';
import { type DailyCounts, dateOf } from './daily-counts.ts';
import type { Period } from './period.ts';
import type { Place, PlaceCounts } from './place-counts.ts';

/** The place of what belongs to a campaign or Canvas as a whole. */
export const whole: Place = { step: '', channel: '', variation: '' };

/** Names of the conversions of the behaviors A to D. */
export const conversionNames = ['conversions', 'conversions1', 'conversions2', 'conversions3'] as const;

/** The days of a campaign or of a send. */
export function campaignDays(
  counts: DailyCounts,
  days: Period,
  variations: ReadonlyMap<string, Variation>,
): object[] {
  const messages = messagesIn(counts, days, '');
  const number = (day: number, name: string) => counts.number(day, whole, name);
  const withTime = conversionNames.map(name => [name, `${name}_by_send_time`]);
  const names = withTime.filter(
    (both, index) => index === 0 || days.some(day => both.some(name => number(day, name) > 0)),
  );
  return days.map(day => ({
    time: dateOf(day),
    messages: messagesOn(day, messages, variations),
    ...Object.fromEntries(names.flat().map(name => [name, number(day, name)])),
    unique_recipients: number(day, 'unique_recipients'),
    revenue: 0,
  }));
}

/** The message variations of a campaign or Canvas step that have numbers on some of the days. */
export function messagesIn(counts: DailyCounts, days: Period, step: string): PlaceCounts[] {
  return counts
    .places()
    .filter(each => each.place.step === step && each.place.channel !== '' && days.some(day => each.has(day)));
}

/** By channel, a list with the statistics of each variation; those that nothing was counted for are 0. */
export function messagesOn(
  day: number,
  messages: readonly PlaceCounts[],
  variations: ReadonlyMap<string, Variation>,
): Record<string, object[]> {
  const byChannel: Record<string, object[]> = {};
  for (const counts of messages) {
    const { channel, variation } = counts.place;
    const statistics = statisticsOf[channel as Channel];
    byChannel[channel] ??= [];
    byChannel[channel].push({
      variation_api_id: variation === '' ? null : variation,
      variation_name: variations.get(variation)?.name ?? null,
      ...Object.fromEntries(statistics.map(name => [name, counts.number(day, name)])),
    });
  }
  return byChannel;
}
