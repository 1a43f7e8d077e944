import type { Command } from 'commander';
import type { DryRun, RunJson, SyncJson } from '../cohorts/index.ts';
import { cohortVerbs } from '../cohorts/index.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { addCohortLedgerCommands } from './cohort-ledger.ts';
import { emptyPage, olderLine, placeAfter } from './pages.ts';
import {
  blocks,
  counted,
  fields,
  minute,
  paragraph,
  table,
  visible,
  visibleJson,
  whole,
} from './terminal.ts';

const changes = {
  run: [
    'run now, regardless of the schedule',
    'Requested a run. See history for its result; a run that changes nothing is not listed.',
  ],
  pause: ['stop sending; pushed pages are still stored', 'Paused.'],
  resume: ['resume after a pause, or run a one-time sync again', 'Resumed.'],
  confirm: ['release the safety stop and apply the held change', 'Applying the held change.'],
} as const;

/** `cohorts list|show|run|pause|resume|confirm|source|delete|discard|history|unmatched|members|cost|dry-run`. */
export function cohortsCommand(): Command {
  const command = adminCommand('cohorts', 'inspect and manage cohort syncs');
  const addAbout = (name: string, description: string) =>
    subcommand(command, name, description).argument(
      '<id>',
      'of the cohort in Mixpanel, or <connection>:<cohort>',
    );

  asks(
    subcommand(command, 'list', 'list every sync with its state'),
    service => service.call(cohortVerbs.list.route),
    ({ cohorts }) => (cohorts.length === 0 ? 'There are no cohort syncs.' : listed(cohorts)),
  );
  asks(
    addAbout('show', 'show the state and the problem of one sync'),
    (service, _options, id: string) => service.call(cohortVerbs.find.route, { id }),
    shown,
  );
  for (const verb of ['run', 'pause', 'resume', 'confirm'] as const) {
    const [description, done] = changes[verb];
    asks(
      addAbout(verb, description),
      (service, _options, id: string) => service.call(cohortVerbs[verb].route, { id }),
      sync => `${visible(sync.name)} (${sync.id}): ${done}`,
    );
  }
  asks(
    addAbout('source', 'change where its members come from').argument(
      '<source>',
      'query: the service reads the cohort on its schedule; webhook: Mixpanel pushes it',
    ),
    (service, _options, id: string, source: SyncJson['source']) =>
      service.call(cohortVerbs.setSource.route, { id, body: { source } }),
    sync => `${visible(sync.name)} (${sync.id}): the source is now ${sync.source}.`,
  );
  asks(
    addAbout('delete', 'remove the sync; its members stay in Braze').option(
      '--confirm',
      'delete it; without this option nothing is deleted',
    ),
    async (service, { confirm }: { confirm?: boolean }, given: string) => {
      const { name, id, brazeMembers } = await service.call(cohortVerbs.find.route, { id: given });
      if (!confirm)
        throw new AdminError(
          `This removes the sync ${visible(name)} (${id}); its members stay in Braze (${whole(brazeMembers)}). Add --confirm to remove it, or use pause to stop sending and keep the sync.`,
        );
      await service.call(cohortVerbs.remove.route, { id });
      return { deleted: id, name };
    },
    ({ deleted, name }) => `${visible(name)} (${deleted}): deleted.`,
  );
  asks(
    subcommand(command, 'discard', 'discard a damaged stored document; the message about it has its name')
      .argument('<document>', 'such as sync:default:12345')
      .option('--confirm', 'discard it; this cannot be undone'),
    async (service, { confirm }: { confirm?: boolean }, discarded: string) => {
      if (!confirm)
        throw new AdminError(
          'What is discarded does not come back, and a sync is created again without knowing which members Braze has. Restore the backup, or add --confirm.',
        );
      await service.call(cohortVerbs.discard.route, { id: discarded });
      return { discarded };
    },
    ({ discarded }) => `${visible(discarded)}: discarded.`,
  );
  asks(
    addAbout('history', 'list its runs, newest first, with counts and problems')
      .option('--limit <n>', 'maximum number', '20')
      .option('--before <run>', 'only runs with a smaller number: the next page'),
    (service, { limit, before }: { limit: string; before?: string }, id: string) =>
      service.call(cohortVerbs.history.route, { id, query: { limit, before } }),
    ({ runs }, { limit, before }) =>
      runs.length === 0
        ? emptyPage(before, 'No runs yet.', 'No older runs.')
        : [history(runs), ...olderLine(placeAfter(runs, limit))].join('\n'),
  );
  asks(
    addAbout('unmatched', 'list distinct IDs of members that match no user in Braze')
      .option('--limit <n>', 'maximum number', '100')
      .option('--after <distinct id>', 'only IDs after this one: the next page'),
    (service, { limit, after }: { limit: string; after?: string }, id: string) =>
      service.call(cohortVerbs.unmatched.route, { id, query: { limit, after } }),
    ({ unmatched }, { after }) =>
      unmatched.length === 0
        ? emptyPage(after, 'No unmatched distinct IDs.', 'No later unmatched distinct IDs.')
        : unmatched.map(visible).join('\n'),
  );
  addCohortLedgerCommands(addAbout);
  asks(
    addAbout('dry-run', 'print what a run would send and cost, without sending it').option(
      '--resend',
      'as a full send',
    ),
    (service, { resend }: { resend?: boolean }, id: string) =>
      service.call(cohortVerbs.dryRun.route, { id, query: { resend: resend ? 'true' : 'false' } }),
    forecast,
  );
  return command;
}

function listed(cohorts: readonly SyncJson[]): string {
  return blocks(
    [
      ...['id', 'name', 'from', 'into', 'status', 'profiles', 'members'],
      ...['sent', 'accepted', 'open', 'confirmed'],
      ...['unmatched', 'last success', 'problem'],
    ],
    cohorts.map(sync => [
      ...[sync.id, sync.name, sync.source, sync.sink, sync.running ? 'running' : sync.status],
      ...[sync.mixpanelProfiles ?? '?', sync.mixpanelMembers ?? '?'],
      ...[sync.sentMembers, sync.brazeMembers, sync.openMembers, confirmed(sync)],
      ...[sync.unmatched, sync.lastSuccess === null ? 'never' : minute(sync.lastSuccess)],
      sync.problem?.code ?? '-',
    ]),
  );
}

/** Members found in Braze, of those that were read back. */
function confirmed({ confirmedMembers, confirmedOf, unknownMembers }: SyncJson): string {
  if (confirmedMembers === null && unknownMembers === null) return '?';
  return readBackText({ confirmed: confirmedMembers, readBack: confirmedOf, unknown: unknownMembers });
}

function readBackText({ confirmed, readBack, unknown }: Pick<RunJson, 'confirmed' | 'readBack' | 'unknown'>) {
  const of = `${whole(confirmed ?? 0)} of ${whole((readBack ?? 0) + (unknown ?? 0))}`;
  return unknown ? `${of}; no users of Braze: ${whole(unknown)}` : of;
}

function shown({ problem, held, confirmedMembers, confirmedOf, unknownMembers, ...sync }: SyncJson): string {
  const { confirmedAt, confirmedWhy, ...others } = sync;
  const readBack = { ...sync, problem, held, confirmedMembers, confirmedOf, unknownMembers };
  return [
    fields('sync', { ...others, confirmed: confirmed(readBack), confirmedAt, confirmedWhy }),
    ...(held === null
      ? []
      : [
          `\n${paragraph(`Held change: from ${whole(held.from)} to ${counted(held.to, 'member', 'members')}. Run cohorts confirm to apply it.`)}`,
        ]),
    ...(problem === null
      ? []
      : [`\nProblem since ${problem.at}: ${problem.code}\n${paragraph(problem.message)}`]),
  ].join('\n');
}

function history(runs: readonly RunJson[]): string {
  return blocks(
    [
      ...['run', 'started', 'trigger', 'outcome', 'sent', 'accepted', 'added', 'removed'],
      ...['refused', 'unproven', 'confirmed', 'requests', 'members', 'problem'],
    ],
    runs.map(({ id, startedAt, trigger, outcome, ...run }) => [
      ...[String(id), minute(startedAt), trigger, outcome, run.sent, run.accepted, run.added, run.removed],
      ...[run.refused, run.unproven, run.confirmed === null ? '-' : readBackText(run)],
      ...[run.requests, membersOf(run), run.problem?.message ?? '-'],
    ]),
  );
}

/** The members at the end of a run, by state. */
function membersOf({ states }: Pick<RunJson, 'states'>): string {
  if (states === null) return '-';
  return Object.entries(states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} ${whole(count)}`)
    .join(', ');
}

function forecast({ firstRequest, ...counts }: DryRun): string {
  const rows: [string, string | number][] = [
    ['members to add', counts.adds],
    ['members to remove', counts.removes],
    ['requests', counts.requests],
    ['attribute updates billed by Braze', counts.billedAttributeUpdates],
    ['held until confirmed', counts.held ? 'yes' : 'no'],
    ['members in Mixpanel', counts.mixpanelMembers],
    ['profiles in Mixpanel', counts.mixpanelProfiles ?? '?'],
    ['members accepted by Braze', counts.brazeMembers],
    ['unmatched', counts.unmatched],
  ];
  const first =
    firstRequest === undefined ? '' : `The first request:\n${visibleJson(shortened(firstRequest))}\n\n`;
  return `${first}${table(['a run would send', ''], rows)}`;
}

/** Entries of each list that a terminal shows. */
const shownEntries = 20;

/** A value with the first entries of each of its lists. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const more = value.length - shownEntries;
    const shown = value.slice(0, shownEntries).map(shortened);
    return more > 0 ? [...shown, `… and ${whole(more)} more: --json has all`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]));
}
