import { billingOf } from '@braze-mixpanel/core/mixpanel';
import type { DayCount } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { dryRunTallySchema, type StoredDryRunTally } from './dry-run-tally.ts';

const eventCount = z.object({
  event: z.string().describe('Name in Mixpanel.'),
  inFiles: z.int().describe('Events that a back-fill would send.'),
  counted: z.int().describe('Events that this service has delivered already, of the same days.'),
});

export const dryRunEstimateSchema = z.object({
  byEvent: z
    .array(eventCount.extend({ isBilled: z.boolean() }))
    .describe('The most frequent first.')
    .readonly(),
  byDay: z
    .array(eventCount.extend({ day: z.string().describe('YYYY-MM-DD, UTC.') }))
    .describe('In order of day and event.')
    .readonly(),
  ...dryRunTallySchema.omit({ days: true }).shape,
  events: z.int().describe('Events that would be sent.'),
  billed: z.int().describe('Of these, events that Mixpanel bills unless it has them already.'),
  cost: z.number().nullable().describe('Of the billed events; `null` where no price is known.'),
  pricePerMillion: z.number().nullable(),
});
export type DryRunEstimate = z.output<typeof dryRunEstimateSchema>;

/**
 * What a back-fill would send, beside what the connection has delivered on the same days.
 *
 * @param counted deliveries of the connection, of Currents and of back-fills, on the days of the tally
 * @param pricePerMillion price of a million events, in any currency
 */
export function estimateDryRun(
  { days, ...rest }: StoredDryRunTally,
  counted: readonly DayCount[],
  pricePerMillion: number | undefined,
): DryRunEstimate {
  const key = ({ day, event }: Pick<DayCount, 'day' | 'event'>) => `${day} ${event}`;
  const delivered = new Map<string, number>();
  for (const each of counted) delivered.set(key(each), (delivered.get(key(each)) ?? 0) + each.count);
  const byDay = days
    .map(({ day, event, count }) => ({
      day,
      event,
      inFiles: count,
      counted: delivered.get(key({ day, event })) ?? 0,
    }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const byEvent = new Map<string, DryRunEstimate['byEvent'][number]>();
  for (const { event, inFiles, counted } of byDay) {
    const sum = byEvent.get(event);
    byEvent.set(event, {
      event,
      isBilled: billingOf(event).kind !== 'exempt',
      inFiles: (sum?.inFiles ?? 0) + inFiles,
      counted: (sum?.counted ?? 0) + counted,
    });
  }
  const events = byDay.reduce((all, { inFiles }) => all + inFiles, 0);
  const billed = [...byEvent.values()].reduce(
    (all, { inFiles, isBilled }) => all + (isBilled ? inFiles : 0),
    0,
  );
  return {
    byEvent: [...byEvent.values()].sort((a, b) => b.inFiles - a.inFiles || (a.event < b.event ? -1 : 1)),
    byDay,
    ...rest,
    events,
    billed,
    cost: pricePerMillion === undefined ? null : (billed / 1_000_000) * pricePerMillion,
    pricePerMillion: pricePerMillion ?? null,
  };
}

/** First and last day of a tally; `undefined` where it has no events. */
export function daysOf({ days }: StoredDryRunTally): { from: string; to: string } | undefined {
  const sorted = days.map(({ day }) => day).sort();
  const [from, to] = [sorted[0], sorted.at(-1)];
  return from === undefined || to === undefined ? undefined : { from, to };
}
