import type { Command } from 'commander';
import { compareEndpoints } from '../http/compare-routes.ts';
import type { Comparison } from '../reconcile/compare.ts';
import { type Difference, differences } from '../reconcile/difference.ts';
import { causes } from '../reconcile/explain/causes.ts';
import { fitsUtc } from '../reconcile/explain/find-offset.ts';
import { projectZoneAdvice } from '../reconcile/explain/project-zone-advice.ts';
import { adminCommand, asks } from './admin-command.ts';
import { type DayOptions, daysOf, type GivenDays, withConnectionDays } from './day-options.ts';
import { mixpanelNameOption } from './event-names.ts';
import { counted, paragraph, table } from './terminal.ts';

interface CompareOptions extends DayOptions {
  readonly event?: string;
  readonly all?: true;
  readonly check?: true;
}

const defaultDays = { first: 7, last: 1 };

/** `compare`: delivered events against the raw export of Mixpanel. */
export function compareCommand(): Command {
  const command = withConnectionDays(
    adminCommand(
      'compare',
      "compare, per event and day, what the service delivered with Mixpanel's raw export",
    ),
    defaultDays,
  )
    .option('--event <name>', 'only this event, by its name in Mixpanel', mixpanelNameOption)
    .option('--all', 'print matching counts too')
    .option('--check', 'exit with 1 if any count differs');
  return asks(
    command,
    async (service, given: GivenDays<CompareOptions>) => {
      const { connection, from, to, event, check } = await daysOf<CompareOptions>(
        service,
        given,
        defaultDays,
      );
      const query = { connection, from, to, event };
      const comparison = await service.call(compareEndpoints.compare, { query });
      if (check && !(comparison.agrees && comparison.complete)) process.exitCode = 1;
      return comparison;
    },
    (comparison, { all }) => report(comparison, all === true),
  );
}

function report(comparison: Comparison, all: boolean): string {
  const { connection, from, to, shadow, complete, openDays, days, timeZone } = comparison;
  const differing = days.filter(({ agrees }) => !agrees);
  const explained = days.filter(({ agrees, why }) => !agrees || why.includes('imported_meanwhile'));
  const listed = all ? days : explained;
  const rows = listed.map(each => [
    ...[each.day, each.event, each.ours, each.mixpanelUnique, each.mixpanelRaw],
    explained.includes(each) ? each.why.join(', ') : 'agrees',
  ]);
  const reasons = new Set(explained.flatMap(({ why }) => why));
  const sum = (count: 'ours' | 'mixpanelUnique' | 'mixpanelRaw') =>
    days.reduce((total, each) => total + each[count], 0);
  const delivered = shadow
    ? counted(sum('ours'), 'event would have been delivered', 'events would have been delivered')
    : counted(sum('ours'), 'event was delivered', 'events were delivered');
  return [
    ...(rows.length === 0 ? [] : [table(['day', 'event', 'ours', 'Mixpanel', 'sent', 'remark'], rows), '']),
    ...[...reasons].map((reason: Difference) => paragraph(remarkText(reason, timeZone))),
    ...openDays.map(day => paragraph(`${day} has not ended: its counts still move.`)),
    ...(complete ? [] : ['Too many events to count exactly: compare fewer days, or one --event.']),
    paragraph(
      days.length === 0
        ? `${connection}, ${from} to ${to}: neither the service nor Mixpanel has events of these days, so nothing was compared. Choose other days with --from and --to.`
        : `${connection}, ${from} to ${to}: ${delivered}, ${counted(sum('mixpanelUnique'), 'is', 'are')} in Mixpanel (${counted(sum('mixpanelRaw'), 'raw row', 'raw rows')}); ` +
            `${days.length - differing.length} of ${days.length} counts agree.`,
    ),
  ].join('\n');
}

/** A remark with its meaning, and of a wrong time zone with its values. */
function remarkText(reason: Difference, timeZone: Comparison['timeZone']): string {
  if (reason !== 'project_day_boundary' || timeZone === undefined) return `${reason}: ${differences[reason]}`;
  const { set, found } = timeZone;
  return `${reason} (${found}): ${causes[reason].meaning} ${projectZoneAdvice(set, fitsUtc(found))}`;
}
