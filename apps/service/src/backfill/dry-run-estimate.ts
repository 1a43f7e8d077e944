import { billingOf } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import { type DeliveredDays, sumOf } from './delivered-on.ts';
import { dryRunTallySchema, type StoredDryRunTally } from './dry-run-tally.ts';

const eventCount = z.object({
  event: z.string().describe('Name in Mixpanel.'),
  inFiles: z.int().describe('Events that a back-fill would send, each once.'),
  counted: z
    .int()
    .describe('Deliveries of this service of the same days; an event that was sent again counts again.'),
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
  ...dryRunTallySchema.omit({ days: true, copies: true }).shape,
  events: z.int().describe('Events that would be sent, each once.'),
  copies: z
    .int()
    .describe(
      'Further copies of these events in the files. They are sent, too; Mixpanel bills each event once.',
    ),
  billed: z.int().describe('Of these, events that Mixpanel bills unless it has them already.'),
  cost: z.number().nullable().describe('Of the billed events; `null` where no price is known.'),
  pricePerMillion: z.number().nullable(),
});
export type DryRunEstimate = z.output<typeof dryRunEstimateSchema>;

/**
 * What a back-fill would send, beside what the connection has delivered on the same days.
 *
 * @param delivered on the days of the tally
 * @param pricePerMillion price of a million events, in any currency
 */
export function estimateDryRun(
  { days, copies, ...rest }: StoredDryRunTally,
  delivered: DeliveredDays,
  pricePerMillion: number | undefined,
): DryRunEstimate {
  const byDay = days
    .map(({ day, event, count }) => ({
      day,
      event,
      inFiles: count,
      counted: delivered.of({ day, event }),
    }))
    .sort((a, b) => (`${a.day} ${a.event}` < `${b.day} ${b.event}` ? -1 : 1));
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
  const events = sumOf(days);
  const billed = [...byEvent.values()].reduce(
    (all, { inFiles, isBilled }) => all + (isBilled ? inFiles : 0),
    0,
  );
  return {
    byEvent: [...byEvent.values()].sort((a, b) => b.inFiles - a.inFiles || (a.event < b.event ? -1 : 1)),
    byDay,
    ...rest,
    events,
    copies: sumOf(copies),
    billed,
    cost: pricePerMillion === undefined ? null : (billed / 1_000_000) * pricePerMillion,
    pricePerMillion: pricePerMillion ?? null,
  };
}
