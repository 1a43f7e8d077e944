import { billingOf } from '@braze-mixpanel/core/mixpanel';
import type { DayCount } from '@braze-mixpanel/storage';
import { z } from 'zod';

/** Days of the month for which costs are estimated. */
const monthDays = 30;

const dayMs = 86_400_000;

export const costSchema = z
  .object({
    connection: z.string(),
    /** Whether the connection is in shadow mode: the events would have been sent. */
    shadow: z.boolean(),
    /** Days (UTC) of the counts: from the first day of the request that has events, to the last of the request. */
    period: z.object({ from: z.string(), to: z.string(), days: z.number() }).readonly().nullable(),
    /** `MIXPANEL_PRICE_PER_MILLION`; `null` if it is not set: there are no costs then. */
    pricePerMillion: z.number().nullable(),
    events: z.number(),
    /** Of the events, those that Mixpanel bills. */
    billed: z.number(),
    /** Of a month of 30 days. */
    month: z
      .object({ events: z.number(), billed: z.number(), cost: z.number().nullable() })
      .readonly()
      .nullable(),
    /** By name in Mixpanel, the most frequent billed event first. */
    byEvent: z
      .array(
        z
          .object({
            event: z.string(),
            billing: z.enum(['exempt', 'billed', 'spelled_differently']),
            /** The exempt name from which this one differs in letter case alone. */
            exemptAs: z.string().optional(),
            events: z.number(),
            monthEvents: z.number(),
            monthCost: z.number().nullable(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

export type CostEstimate = z.output<typeof costSchema>;

/** What is asked of {@link estimateCost}. */
export interface CostRequest {
  readonly connection: string;
  readonly shadow: boolean;
  /** `YYYY-MM-DD` in UTC, inclusive. */
  readonly to: string;
  /** Price of a million events, in any currency; costs are unknown without it. */
  readonly pricePerMillion: number | undefined;
}

/**
 * Cost of a month of 30 days of each event, from the counts of a period. Events that Mixpanel does not bill
 * are free. An event that was sent again counts again, and Mixpanel's volume discounts are unknown: the
 * estimate is an upper bound at that price.
 */
export function estimateCost(counts: readonly DayCount[], request: CostRequest): CostEstimate {
  const { connection, shadow, to, pricePerMillion } = request;
  const from = counts.reduce<string | undefined>(
    (first, { day }) => (first === undefined || day < first ? day : first),
    undefined,
  );
  const days = from === undefined ? 0 : Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  const perMonth = (count: number) => (days === 0 ? 0 : (count / days) * monthDays);
  const costOf = (count: number) =>
    pricePerMillion === undefined ? null : (perMonth(count) / 1_000_000) * pricePerMillion;

  const totals = new Map<string, number>();
  for (const { event, count } of counts) totals.set(event, (totals.get(event) ?? 0) + count);
  const byEvent = [...totals].map(([event, events]) => {
    const billing = billingOf(event);
    return {
      event,
      billing: billing.kind,
      ...(billing.kind === 'spelled_differently' && { exemptAs: billing.exemptAs }),
      events,
      monthEvents: Math.round(perMonth(events)),
      monthCost: billing.kind === 'exempt' ? costOf(0) : costOf(events),
    };
  });
  const sum = (of: readonly { readonly events: number }[]) => of.reduce((all, { events }) => all + events, 0);
  const events = sum(byEvent);
  const billed = sum(byEvent.filter(({ billing }) => billing !== 'exempt'));
  const isExempt = ({ billing }: { billing: string }) => Number(billing === 'exempt');
  return {
    connection,
    shadow,
    period: from === undefined ? null : { from, to, days },
    pricePerMillion: pricePerMillion ?? null,
    events,
    billed,
    month:
      from === undefined
        ? null
        : {
            events: Math.round(perMonth(events)),
            billed: Math.round(perMonth(billed)),
            cost: costOf(billed),
          },
    byEvent: byEvent.sort(
      (a, b) => isExempt(a) - isExempt(b) || b.events - a.events || (a.event < b.event ? -1 : 1),
    ),
  };
}
