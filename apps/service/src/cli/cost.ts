import type { Command } from 'commander';
import { costEndpoints } from '../http/cost-routes.ts';
import type { CostEstimate } from '../reconcile/cost.ts';
import { adminCommand, asks } from './admin-command.ts';
import { type DayOptions, daysOf, type GivenDays, withConnectionDays } from './day-options.ts';
import { counted, cut, money, paragraph, table, visible, whole } from './terminal.ts';

const defaultDays = { first: 30, last: 1 };

/** `cost`: what a month of each event costs in Mixpanel. */
export function costCommand(): Command {
  const command = withConnectionDays(
    adminCommand('cost', 'estimate what a month of each event costs in Mixpanel'),
    defaultDays,
  );
  return asks(
    command,
    async (service, given: GivenDays<DayOptions>) => {
      const { connection, from, to } = await daysOf<DayOptions>(service, given, defaultDays);
      return service.call(costEndpoints.cost, { query: { connection, from, to } });
    },
    report,
  );
}

const costOf = (amount: number | null) => (amount === null ? 'unknown' : money(amount));
const billings = { exempt: 'free', billed: 'billed', spelled_differently: 'billed' };

function report(estimate: CostEstimate, given: GivenDays<DayOptions>): string {
  const { connection, shadow, period, pricePerMillion, month, events, billed, byEvent } = estimate;
  if (period === null || month === null)
    return [
      `${connection}: no events were counted on these days, so the cost is unknown.`,
      ...defaultEnd(given),
    ]
      .map(each => paragraph(each))
      .join('\n');
  const columns = ['event', 'counted', 'per month', 'billing', ...(pricePerMillion === null ? [] : ['cost'])];
  const rows = byEvent.map(
    each =>
      [
        each.event,
        ...[whole(each.events), whole(each.monthEvents), billings[each.billing]],
        ...(pricePerMillion === null ? [] : [costOf(each.monthCost)]),
      ] as const,
  );
  const share = ((billed / events) * 100).toFixed(1);
  const cost =
    pricePerMillion === null
      ? ''
      : `, and costs ${costOf(month.cost)} at ${money(pricePerMillion)} per million`;
  const sentences = [
    ...byEvent.flatMap(({ event, exemptAs }) =>
      exemptAs === undefined ? [] : [`${event} would be free as "${exemptAs}": set it in CURRENTS_NAMES.`],
    ),
    `${connection}: a month of 30 days has ${counted(month.events, 'event', 'events')}${shadow ? ' (shadow mode: not sent)' : ''}, of which ${share} % are billed${cost}.`,
    `Extrapolated from ${counted(period.days, 'day', 'days')}, ${period.from} to ${period.to}. Events that were sent again count again.`,
    ...defaultEnd(given),
    ...(pricePerMillion === null ? ['Set MIXPANEL_PRICE_PER_MILLION to see costs.'] : []),
  ];
  return [withNamesCut(columns, rows), '', ...sentences.map(each => paragraph(each))].join('\n');
}

/** Why the last day is not today, where no other was chosen. */
const defaultEnd = ({ to }: GivenDays<DayOptions>): string[] =>
  to === undefined
    ? ['By default the last day is yesterday: today has not ended. Set --to to include it.']
    : [];

/** A table that fits the terminal, 80 columns by default: names are cut. `--json` prints the whole names. */
function withNamesCut(
  columns: readonly string[],
  rows: readonly (readonly [event: string, ...string[]])[],
  width = process.stdout.columns ?? 80,
): string {
  const whole = table(columns, rows);
  const widest = (texts: readonly string[]) => texts.reduce((most, { length }) => Math.max(most, length), 0);
  const excess = widest(whole.split('\n')) - width;
  if (excess <= 0) return whole;
  const longest = widest(rows.map(([event]) => visible(event))) - excess;
  return table(
    columns,
    rows.map(([event, ...rest]) => [cut(visible(event), Math.max(1, longest)), ...rest]),
  );
}
