import type { Command } from 'commander';
import type { DryRun, RunJson, SyncJson } from '../cohorts/index.ts';
import {
  type AdminClient,
  AdminError,
  type AdminOptions,
  adminCommand,
  configuredClient,
} from './admin-client.ts';
import { cut, minute, records, table, visible, visibleJson } from './terminal.ts';

/** `cohorts list|show|run|pause|resume|confirm|source|delete|discard|history|unmatched|dry-run`. */
export function cohortsCommand(): Command {
  const command = adminCommand('cohorts').description('inspect and manage cohort syncs');
  const add = (name: string, description: string) =>
    command.addCommand(adminCommand(name).description(description)).commands.at(-1)!;
  const addAbout = (name: string, description: string) =>
    add(name, description).argument('<id>', 'of the cohort in Mixpanel, or <connection>:<cohort>');

  add('list', 'list every sync with its state').action(async (options: AdminOptions) => {
    const answer = await client(command, options).get<{ cohorts: SyncJson[] }>('/api/cohorts');
    print(command, options, answer, () =>
      answer.cohorts.length === 0 ? 'There are no cohort syncs.' : listed(answer.cohorts),
    );
  });

  addAbout('show', 'show the state and the problem of one sync').action(
    async (id: string, options: AdminOptions) => {
      const sync = await client(command, options).get<SyncJson>(pathOf(id));
      print(command, options, sync, () => shown(sync));
    },
  );

  const verbs: readonly (readonly [name: string, description: string, path: string, done: string])[] = [
    ['run', 'run now, regardless of the schedule', 'run', 'Requested a run; see history for its result.'],
    ['pause', 'stop sending; pushed pages are still stored', 'pause', 'Paused.'],
    ['resume', 'resume after a pause, or run a one-time sync again', 'start', 'Resumed.'],
    ['confirm', 'release the safety stop and apply the held change', 'confirm', 'Applying the held change.'],
  ];
  for (const [name, description, path, done] of verbs)
    addAbout(name, description).action(async (id: string, options: AdminOptions) => {
      const sync = await client(command, options).post<SyncJson>(`${pathOf(id)}/${path}`, {});
      print(command, options, sync, () => `${visible(sync.name)} (${sync.id}): ${done}`);
    });

  addAbout('source', 'change where its members come from')
    .argument('<source>', 'query: the service reads the cohort on its schedule; webhook: Mixpanel pushes it')
    .action(async (id: string, source: string, options: AdminOptions) => {
      const sync = await client(command, options).post<SyncJson>(`${pathOf(id)}/source`, { source });
      print(
        command,
        options,
        sync,
        () => `${visible(sync.name)} (${sync.id}): the source is now ${sync.source}.`,
      );
    });

  addAbout('delete', 'remove the sync; its members stay in Braze')
    .option('--confirm', 'delete it; without this option nothing is deleted')
    .action(async (id: string, options: AdminOptions & { confirm?: boolean }) => {
      const service = client(command, options);
      const { name, id: whole, brazeMembers } = await service.get<SyncJson>(pathOf(id));
      if (!options.confirm)
        throw new AdminError(
          `This removes the sync ${visible(name)} (${whole}); its ${brazeMembers} members stay in Braze. Add --confirm to remove it, or use pause to stop sending and keep the sync.`,
        );
      await service.delete(pathOf(whole));
      print(command, options, { deleted: whole }, () => `${visible(name)} (${whole}): deleted.`);
    });

  add('discard', 'discard a damaged stored document; the message about it has its name')
    .argument('<document>', 'such as sync:default:12345')
    .option('--confirm', 'discard it; this cannot be undone')
    .action(async (document: string, options: AdminOptions & { confirm?: boolean }) => {
      if (!options.confirm)
        throw new AdminError(
          'What is discarded does not come back, and a sync is created again without knowing which members Braze has. Restore the backup, or add --confirm.',
        );
      await client(command, options).delete(`/api/cohort-documents/${encodeURIComponent(document)}`);
      print(command, options, { discarded: document }, () => `${visible(document)}: discarded.`);
    });

  addAbout('history', 'list its runs, newest first, with counts and problems')
    .option('--limit <n>', 'maximum number', '20')
    .option('--before <run>', 'only runs with a smaller number: the next page')
    .action(async (id: string, options: AdminOptions & { limit: string; before?: string }) => {
      const { limit, before } = options;
      const answer = await client(command, options).get<{ runs: RunJson[] }>(`${pathOf(id)}/history`, {
        ...{ limit, before },
      });
      print(command, options, answer, () =>
        answer.runs.length === 0 ? 'No runs yet.' : history(answer.runs),
      );
    });

  addAbout('unmatched', 'list distinct IDs of members that match no user in Braze')
    .option('--limit <n>', 'maximum number', '100')
    .option('--after <distinct id>', 'only IDs after this one: the next page')
    .action(async (id: string, options: AdminOptions & { limit: string; after?: string }) => {
      const { limit, after } = options;
      const answer = await client(command, options).get<{ unmatched: string[] }>(`${pathOf(id)}/unmatched`, {
        ...{ limit, after },
      });
      print(command, options, answer, () =>
        answer.unmatched.length === 0
          ? 'No unmatched distinct IDs.'
          : answer.unmatched.map(id => visible(cut(id))).join('\n'),
      );
    });

  addAbout('dry-run', 'print what a run would send and cost, without sending it')
    .option('--resend', 'as a full send')
    .action(async (id: string, options: AdminOptions & { resend?: boolean }) => {
      const path = `${pathOf(id)}/dry-run${options.resend ? '?resend=true' : ''}`;
      const answer = await client(command, options).post<DryRun>(path, {});
      print(command, options, answer, () => forecast(answer));
    });
  return command;
}

const pathOf = (id: string): string => `/api/cohorts/${encodeURIComponent(id)}`;

const client = (parent: Command, options: AdminOptions): AdminClient =>
  configuredClient({ ...parent.opts<AdminOptions>(), ...options });

function print(parent: Command, options: AdminOptions, answer: unknown, format: () => string): void {
  const json = options.json ?? parent.opts<AdminOptions>().json;
  console.log(json ? JSON.stringify(answer) : format());
}

function listed(cohorts: readonly SyncJson[]): string {
  return records(
    [
      ...['id', 'name', 'from', 'into', 'status', 'profiles', 'members'],
      ...['sent', 'accepted', 'open', 'confirmed'],
      ...['unmatched', 'last success', 'problem'],
    ],
    cohorts.map(sync => [
      ...[sync.id, cut(sync.name, 24), sync.source, sync.sink, sync.running ? 'running' : sync.status],
      ...[sync.mixpanelProfiles ?? '?', sync.mixpanelMembers ?? '?'],
      ...[sync.sentMembers, sync.brazeMembers, sync.openMembers, confirmed(sync)],
      ...[sync.unmatched, sync.lastSuccess === null ? 'never' : minute(sync.lastSuccess)],
      sync.problem?.code ?? '',
    ]),
  );
}

/** Members found in Braze, of those that were read back. */
function confirmed({ confirmedMembers, confirmedOf }: SyncJson): string {
  return confirmedMembers === null ? '?' : `${confirmedMembers} of ${confirmedOf}`;
}

function shown({ problem, held, ...sync }: SyncJson): string {
  const rows = Object.entries(sync).map(([key, value]) => [key, asCell(value)]);
  return [
    table(['sync', ''], rows),
    ...(held === null
      ? []
      : [`\nHeld change: from ${held.from} to ${held.to} members. Run cohorts confirm to apply it.`]),
    ...(problem === null
      ? []
      : [`\nProblem since ${problem.at}: ${problem.code}\n${visible(problem.message)}`]),
  ].join('\n');
}

function asCell(value: unknown): string {
  if (value === null) return '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function history(runs: readonly RunJson[]): string {
  return records(
    [
      ...['run', 'started', 'trigger', 'outcome', 'sent', 'accepted', 'added', 'removed'],
      ...['refused', 'unproven', 'confirmed', 'requests', 'problem'],
    ],
    runs.map(({ id, startedAt, trigger, outcome, ...run }) => [
      ...[id, minute(startedAt), trigger, outcome, run.sent, run.accepted, run.added, run.removed],
      ...[run.refused, run.unproven, run.confirmed === null ? '' : `${run.confirmed} of ${run.readBack}`],
      ...[run.requests, run.problem?.message ?? ''],
    ]),
  );
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
  const first = firstRequest === undefined ? '' : `\n\nThe first request:\n${visibleJson(firstRequest)}`;
  return `${table(['a run would send', ''], rows)}${first}`;
}
