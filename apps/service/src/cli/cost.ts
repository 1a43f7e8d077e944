import type { Command } from 'commander';
import { costEndpoints } from '../http/cost-routes.ts';
import type { CostEstimate } from '../reconcile/cost.ts';
import { adminCommand, asks } from './admin-command.ts';
import { table } from './terminal.ts';

interface CostOptions {
  readonly connection: string;
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);

/** `cost`: what a month of each event costs in Mixpanel. */
export function costCommand(): Command {
  const command = adminCommand('cost', 'estimate what a month of each event costs in Mixpanel')
    .option('--connection <name>', 'connection whose events are counted', 'default')
    .option('--from <day>', 'first day of the counts, UTC', daysAgo(30))
    .option('--to <day>', 'last day of the counts, UTC', daysAgo(1));
  return asks(
    command,
    (service, { connection, from, to }: CostOptions) =>
      service.call(costEndpoints.cost, { query: { connection, from, to } }),
    report,
  );
}

const whole = (count: number) => count.toLocaleString('en-US');
const money = (amount: number | null) =>
  amount === null
    ? 'unknown'
    : amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const billings = { exempt: 'free', billed: 'billed', spelled_differently: 'billed' };

function report(
  { connection, shadow, period, pricePerMillion, month, events, billed, byEvent }: CostEstimate,
  { from, to }: CostOptions,
): string {
  if (period === null || month === null)
    return `${connection}: no events were counted from ${from} to ${to}, so the cost is unknown.`;
  const columns = ['event', 'counted', 'per month', 'billing', ...(pricePerMillion === null ? [] : ['cost'])];
  const rows = byEvent.map(each => [
    ...[each.event, whole(each.events), whole(each.monthEvents), billings[each.billing]],
    ...(pricePerMillion === null ? [] : [money(each.monthCost)]),
  ]);
  const share = ((billed / events) * 100).toFixed(1);
  return [
    table(columns, rows),
    '',
    ...byEvent.flatMap(({ event, exemptAs }) =>
      exemptAs === undefined ? [] : [`${event} would be free as "${exemptAs}": set it in CURRENTS_NAMES.`],
    ),
    `${connection}: a month of 30 days has ${whole(month.events)} events${shadow ? ' (shadow mode: not sent)' : ''}, of which ${share} % are billed` +
      `${pricePerMillion === null ? '' : `, and costs ${money(month.cost)} at ${money(pricePerMillion)} per million`}.`,
    `Extrapolated from ${period.days} days, ${period.from} to ${period.to}. Events that were sent again count again.`,
    ...(pricePerMillion === null ? ['Set MIXPANEL_PRICE_PER_MILLION to see costs.'] : []),
  ].join('\n');
}
