import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import Papa, { type CsvRow } from 'papaparse';
import { cohortVerbs } from '../cohorts/index.ts';
import type { MemberJson, MembersJson } from '../cohorts/ledger/list-members.ts';
import type { SentJson } from '../cohorts/ledger/sent-on-days.ts';
import { type MemberState, stateNames } from '../cohorts/ledger/states.ts';
import { type AdminClient, configuredClient } from './admin-client.ts';
import { asks } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { daysOf, type GivenDays, withDays } from './day-options.ts';
import { print, shownOn } from './print.ts';
import { counted, jsonText, minute, paragraph, records, table, visible, whole } from './terminal.ts';

interface MembersOptions {
  readonly run: string;
  readonly state?: MemberState;
  readonly limit: string;
  readonly after?: string;
  readonly csv?: true;
  readonly json?: true;
  readonly url?: string;
}

interface CostOptions {
  readonly from: string;
  readonly to: string;
}

const defaultDays = { first: 29, last: 0 };

/** `cohorts members|cost`. */
export function addCohortLedgerCommands(addAbout: (name: string, description: string) => Command): void {
  addAbout('members', 'list the members that are not in Braze as they are in Mixpanel, and why')
    .option('--run <run>', 'last: the last run with a ledger; or the number of a run from history', 'last')
    .option('--state <state>', `only this state: ${stateNames.join(', ')}`)
    .option('--limit <n>', 'maximum number', '100')
    .option('--after <next>', 'the next page, as the page before prints it')
    .option('--csv', 'print all of them as CSV, whatever --limit says')
    .action(members);
  asks(
    withDays(
      addAbout(
        'cost',
        'print what Braze accepted per day: attribute updates, which it bills, and assignments',
      ),
      defaultDays,
    ),
    async (service, given: GivenDays<CostOptions>, id: string) => {
      const { from, to } = await daysOf<CostOptions>(service, given, defaultDays);
      return service.call(cohortVerbs.cost.route, { id, query: { from, to } });
    },
    costTable,
  );
}

async function members(id: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<MembersOptions>();
  const { csv, json, url } = options;
  if (csv && json) throw new AdminError('--csv and --json exclude each other. Omit one of them.');
  const service = configuredClient(url);
  const page = await pageOf(service, id, csv ? { ...options, limit: csvLimit } : options).catch(error =>
    explainRunning(service, id, options, error),
  );
  if (!csv) {
    if (json) return print(jsonText(page));
    const { running } = await service.call(cohortVerbs.find.route, { id });
    return print(memberTable(id, page, { isRunning: running && options.run === 'last', ...options }));
  }
  const lines = Readable.from(csvLines(service, id, options, page));
  await pipeline(lines, process.stdout, { end: false }).catch(ignoreClosedPipe);
}

/** @throws AdminError that names the first run while it is in progress */
async function explainRunning(
  service: AdminClient,
  id: string,
  { run }: MembersOptions,
  error: unknown,
): Promise<never> {
  if (run !== 'last' || !(error instanceof AdminError) || error.code !== 'ledger_unknown') throw error;
  const { running, name } = await service.call(cohortVerbs.find.route, { id });
  throw new AdminError(
    running
      ? `${visible(name)}: a run is in progress, and none before it left a ledger. It writes one when it ends. See cohorts show ${visible(id)}.`
      : `${visible(name)}: no run has left a ledger yet. Run cohorts history ${visible(id)}, or start a run with cohorts run ${visible(id)}.`,
    error.code,
  );
}

const pageOf = (
  service: AdminClient,
  id: string,
  { run, state, limit, after }: Omit<MembersOptions, 'csv'>,
) => service.call(cohortVerbs.membersPage.route, { id, body: { run, state, limit, after } });

const columns = [
  'run',
  'state',
  'leaving',
  'kind',
  'id',
  'label',
  'because',
  'sent_at',
  'read_at',
  'message',
];

/** Members of one page of a CSV file. */
const csvLimit = '1000';

/** A CSV file from its first page on. @throws AdminError if a further page fails; those before it are written */
async function* csvLines(
  service: AdminClient,
  id: string,
  options: MembersOptions,
  first: MembersJson,
): AsyncGenerator<string> {
  yield csvOf([columns]);
  for (let page = first; ; ) {
    const { run, members, next } = page;
    if (members.length > 0)
      yield shownOn(process.stdout, csvOf(members.map(member => fieldsOf(run, member))));
    if (next === null) return;
    page = await pageOf(service, id, { ...options, limit: csvLimit, after: next });
  }
}

/** Records of a CSV file (RFC 4180), each with a line feed. */
const csvOf = (rows: readonly CsvRow[]): string => `${Papa.unparse(rows, { newline: '\n' })}\n`;

const heldText = 'the safety stop holds it until an operator confirms';

const fieldsOf = (run: number, { state, leaving, kind, id, label, because, ...more }: MemberJson): CsvRow => [
  ...[run, state, leaving, kind, id, label, because],
  ...[more.sentAt, more.readAt, because === 'held' ? heldText : more.message],
];

/** The reader of the output, such as `head`, has read enough. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

interface Shown extends Pick<MembersOptions, 'state' | 'after'> {
  readonly isRunning: boolean;
}

function memberTable(id: string, page: MembersJson, { isRunning, ...asked }: Shown): string {
  const { run, report, members, next } = page;
  const rows = members.map(member => [
    member.leaving && member.state !== 'removed' ? `${member.state}, leaving` : member.state,
    ...[member.kind, member.id],
    ...[member.sentAt === null ? '-' : minute(member.sentAt), whyOf(member)],
  ]);
  return [
    members.length === 0
      ? paragraph(noneOf(asked, page))
      : records(['state', 'kind', 'ID', 'sent at', 'why'], rows),
    '',
    paragraph(`${summaryOf(run, report)} ${readBackOf(page)}`),
    ...(page.unknownIn === null
      ? []
      : [
          paragraph(
            `Run ${page.unknownIn} has members that are no users of Braze: cohorts members ${visible(id)} --run ${page.unknownIn} --state unknown`,
          ),
        ]),
    ...(isRunning
      ? [paragraph('Another run is in progress: its members are listed when it has ended.')]
      : []),
    ...(next === null ? [] : ['More, with --after:', next]),
  ].join('\n');
}

/** States that only a read-back finds are not known without one. */
function noneOf(
  { state, after }: Pick<MembersOptions, 'state' | 'after'>,
  { run, readBack, readBackWhy }: MembersJson,
): string {
  if (after !== undefined) return 'No later members.';
  const isRead = state === 'unknown' || state === 'contradicted';
  if (!isRead) return `Run ${run} lists no members${state === undefined ? '' : ' in this state'}.`;
  if (readBack === null) return `Not known: ${visible(readBackWhy ?? '')}.`;
  return readBack[state] > 0
    ? `Not listed: a newer list of Mixpanel had arrived when ${whole(readBack[state])} of them were read back.`
    : `None of the ${whole(readBack.sampled)} members that were read back.`;
}

function readBackOf({ readBack, readBackWhy }: MembersJson): string {
  if (readBack === null)
    return `How many of them are users of Braze is not known: ${visible(readBackWhy ?? '')}.`;
  const { at, sampled, confirmed, contradicted, unknown } = readBack;
  return `Of ${whole(sampled)} read back by ${minute(at)}: confirmed ${whole(confirmed)}, contradicted ${whole(contradicted)}, no users of Braze ${whole(unknown)}.`;
}

function whyOf({ because, readAt, message }: MemberJson): string {
  if (because === 'held') return heldText;
  if (because !== null) return because === 'placeholder' ? 'a placeholder ID' : 'matches no user';
  if (readAt !== null) return `read back ${minute(readAt)}`;
  return message ?? '-';
}

function summaryOf(run: number, report: MembersJson['report']): string {
  if (report?.states == null) return `Run ${run}: the counts of its members are not known.`;
  const { accepted, leaving, ...states } = report.states;
  const counts = Object.entries(states).map(([state, count]) => `${state} ${whole(count)}`);
  return (
    `Run ${run}, ${minute(report.finishedAt)}: Braze accepted ${whole(accepted)} of ${whole(report.mixpanelMembers ?? 0)} members. ` +
    `${counts.join(', ')}. Open, and no longer in the cohort: ${whole(leaving)}.`
  );
}

function costTable(
  { days, from, to, countedSince, counted: span, attributeUpdates, assignments }: SentJson,
  given: GivenDays<CostOptions>,
): string {
  if (span === null || attributeUpdates === null || assignments === null)
    return paragraph(
      `${from} to ${to}: not known. Counts of this sync begin on ${countedSince}: choose days from then on.`,
    );
  const rows = days.map(each => [each.day, each.attributeUpdates, each.assignments]);
  return [
    ...(rows.length === 0 ? [] : [table(['day', 'attribute updates', 'assignments'], rows), '']),
    ...[
      `${span.from} to ${span.to}: ${counted(attributeUpdates, 'attribute update', 'attribute updates')}, which Braze bills as data points, and ${counted(assignments, 'assignment', 'assignments')} to a partner cohort.`,
      ...(from < span.from
        ? [`Earlier days are not known: counts of this sync begin on ${countedSince}.`]
        : []),
      ...(span.to < to ? [`Days after ${span.to} have not come yet.`] : []),
      ...(given.to === undefined ? ['By default the last day is today, which has not ended.'] : []),
    ].map(each => paragraph(each)),
  ].join('\n');
}
