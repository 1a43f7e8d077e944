/** Daily series of message statistics, as campaigns and Canvas steps have them. */

import type { Variation } from './campaigns.ts';
import { type Channel, statisticsOf } from './channels.ts';
import { type DailyCounts, dateOf, type Place } from './daily-counts.ts';
import type { Period } from './period.ts';

/** The place of what belongs to a campaign or Canvas as a whole. */
export const whole: Place = { step: '', channel: '', variation: '' };

/** Names of the conversions of the behaviors A to D. */
export const conversionNames = ['conversions', 'conversions1', 'conversions2', 'conversions3'] as const;

/** The days of a campaign or of a send. */
export function campaignDays(
  counts: DailyCounts,
  { days }: Period,
  variations: ReadonlyMap<string, Variation>,
): object[] {
  const places = messagePlaces(counts, days, '');
  const number = (day: number, name: string) => counts.number(day, whole, name);
  const withTime = conversionNames.map(name => [name, `${name}_by_send_time`]);
  const names = withTime.filter(
    (both, index) => index === 0 || days.some(day => both.some(name => number(day, name) > 0)),
  );
  return days.map(day => ({
    time: dateOf(day),
    messages: messagesOn(counts, day, places, variations),
    ...Object.fromEntries(names.flat().map(name => [name, number(day, name)])),
    unique_recipients: number(day, 'unique_recipients'),
    revenue: 0,
  }));
}

/** The places of messages with numbers on some of the days, each once. */
export function messagePlaces(counts: DailyCounts, days: readonly number[], step: string): Place[] {
  const places = new Map<string, Place>();
  for (const day of days)
    for (const place of counts.on(day))
      if (place.step === step && place.channel !== '')
        places.set(`${place.channel}\n${place.variation}`, place);
  return [...places.values()];
}

/** By channel, a list with the statistics of each variation; those that nothing was counted for are 0. */
export function messagesOn(
  counts: DailyCounts,
  day: number,
  places: readonly Place[],
  variations: ReadonlyMap<string, Variation>,
): Record<string, object[]> {
  const messages: Record<string, object[]> = {};
  for (const place of places) {
    const { channel, variation } = place;
    const statistics = statisticsOf[channel as Channel];
    messages[channel] ??= [];
    messages[channel].push({
      variation_api_id: variation === '' ? null : variation,
      variation_name: variations.get(variation)?.name ?? null,
      ...Object.fromEntries(statistics.map(name => [name, counts.number(day, place, name)])),
    });
  }
  return messages;
}
