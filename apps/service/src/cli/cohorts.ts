import type { Command } from 'commander';
import type { DryRun, RunJson, SyncJson } from '../cohorts/index.ts';
import {
  type AdminClient,
  AdminError,
  type AdminOptions,
  adminCommand,
  configuredClient,
} from './admin-client.ts';
import { cut, table, visible, visibleJson } from './terminal.ts';

/** `cohorts list|show|run|pause|resume|confirm|source|delete|history|unmatched|dry-run`. */
export function cohortsCommand(): Command {
  const command = adminCommand('cohorts').description('syncs of cohorts: look, run, pause, confirm, delete');
  const add = (name: string, description: string) =>
    command.addCommand(adminCommand(name).description(description)).commands.at(-1)!;
  const addAbout = (name: string, description: string) =>
    add(name, description).argument('<id>', 'of the cohort in Mixpanel, or <connection>:<cohort>');

  add('list', 'where every sync stands').action(async (options: AdminOptions) => {
    const answer = await client(command, options).get<{ cohorts: SyncJson[] }>('/api/cohorts');
    print(command, options, answer, () =>
      answer.cohorts.length === 0 ? 'There are no cohort syncs.' : listed(answer.cohorts),
    );
  });

  addAbout('show', 'one sync: where it stands and what is wrong').action(
    async (id: string, options: AdminOptions) => {
      const sync = await client(command, options).get<SyncJson>(pathOf(id));
      print(command, options, sync, () => shown(sync));
    },
  );

  const verbs: readonly (readonly [name: string, description: string, path: string, told: string])[] = [
    ['run', 'runs now, whatever the schedule says', 'run', 'A run is asked for; history tells how it went.'],
    ['pause', 'sends nothing more; what is pushed meanwhile is kept', 'pause', 'Paused.'],
    ['resume', 'goes on after a pause, or runs a one-time sync once more', 'start', 'It goes on.'],
    [
      'confirm',
      'applies the answer that the safety stop holds',
      'confirm',
      'The held answer is being applied.',
    ],
  ];
  for (const [name, description, path, told] of verbs)
    addAbout(name, description).action(async (id: string, options: AdminOptions) => {
      const sync = await client(command, options).post<SyncJson>(`${pathOf(id)}/${path}`, {});
      print(command, options, sync, () => `${visible(sync.name)} (${sync.id}): ${told}`);
    });

  addAbout('source', 'changes where its members come from')
    .argument('<source>', 'query: the service reads it on its schedule; webhook: Mixpanel pushes it')
    .action(async (id: string, source: string, options: AdminOptions) => {
      const sync = await client(command, options).post<SyncJson>(`${pathOf(id)}/source`, { source });
      print(
        command,
        options,
        sync,
        () => `${visible(sync.name)} (${sync.id}): its source is ${sync.source}.`,
      );
    });

  addAbout('delete', 'forgets the sync; its members stay in the cohort in Braze')
    .option('--confirm', 'really; without it nothing is deleted')
    .action(async (id: string, options: AdminOptions & { confirm?: boolean }) => {
      const service = client(command, options);
      const { name, id: whole, brazeMembers } = await service.get<SyncJson>(pathOf(id));
      if (!options.confirm)
        throw new AdminError(
          `This would forget ${visible(name)} (${whole}), and whoever it put into the cohort in Braze (${brazeMembers}) would stay there. Add --confirm to do it; pause sends nothing either, and forgets nothing.`,
        );
      await service.delete(pathOf(whole));
      print(command, options, { deleted: whole }, () => `${visible(name)} (${whole}) is deleted.`);
    });

  addAbout('history', 'its runs, newest first, with counts and what went wrong')
    .option('--limit <n>', 'at most so many', '20')
    .option('--before <run>', 'only those with a smaller number: the next page')
    .action(async (id: string, options: AdminOptions & { limit: string; before?: string }) => {
      const { limit, before } = options;
      const answer = await client(command, options).get<{ runs: RunJson[] }>(`${pathOf(id)}/history`, {
        ...{ limit, before },
      });
      print(command, options, answer, () =>
        answer.runs.length === 0 ? 'It has not run yet.' : history(answer.runs),
      );
    });

  addAbout('unmatched', 'distinct ids of members that match nobody in Braze')
    .option('--limit <n>', 'at most so many', '100')
    .option('--after <distinct id>', 'only those behind this one: the next page')
    .action(async (id: string, options: AdminOptions & { limit: string; after?: string }) => {
      const { limit, after } = options;
      const answer = await client(command, options).get<{ unmatched: string[] }>(`${pathOf(id)}/unmatched`, {
        ...{ limit, after },
      });
      print(command, options, answer, () =>
        answer.unmatched.length === 0
          ? 'No distinct id is unmatched.'
          : answer.unmatched.map(id => visible(cut(id))).join('\n'),
      );
    });

  addAbout('dry-run', 'says what a run would send and cost, and sends nothing')
    .option('--resend', 'as a full send')
    .action(async (id: string, options: AdminOptions & { resend?: boolean }) => {
      const path = `${pathOf(id)}/dry-run${options.resend ? '?resend=true' : ''}`;
      const answer = await client(command, options).post<DryRun>(path, {});
      print(command, options, answer, () => foretold(answer));
    });
  return command;
}

const pathOf = (id: string): string => `/api/cohorts/${encodeURIComponent(id)}`;

const client = (parent: Command, options: AdminOptions): AdminClient =>
  configuredClient({ ...parent.opts<AdminOptions>(), ...options });

function print(parent: Command, options: AdminOptions, answer: unknown, told: () => string): void {
  const json = options.json ?? parent.opts<AdminOptions>().json;
  console.log(json ? JSON.stringify(answer) : told());
}

function listed(cohorts: readonly SyncJson[]): string {
  return table(
    [
      ...['id', 'name', 'from', 'into', 'status', 'profiles', 'members'],
      ...['sent', 'accepted', 'open', 'confirmed'],
      ...['unmatched', 'last success', 'problem'],
    ],
    cohorts.map(sync => [
      ...[sync.id, sync.name, sync.source, sync.sink, sync.running ? 'running' : sync.status],
      ...[sync.mixpanelProfiles ?? '?', sync.mixpanelMembers ?? '?'],
      ...[sync.sentMembers, sync.brazeMembers, sync.openMembers, confirmed(sync)],
      ...[sync.unmatched, sync.lastSuccess ?? 'never', sync.problem?.code ?? ''],
    ]),
  );
}

/** Of the members that were read back. */
function confirmed({ confirmedMembers, confirmedOf }: SyncJson): string {
  return confirmedMembers === null ? '?' : `${confirmedMembers} of ${confirmedOf}`;
}

function shown({ problem, held, ...sync }: SyncJson): string {
  const rows = Object.entries(sync).map(([key, value]) => [key, asCell(value)]);
  return [
    table(['sync', ''], rows),
    ...(held === null ? [] : [`\nHeld: from ${held.from} members to ${held.to}. confirm applies it.`]),
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
  return table(
    [
      ...['run', 'began', 'trigger', 'outcome', 'sent', 'accepted', 'added', 'removed'],
      ...['refused', 'unproven', 'confirmed', 'requests', 'problem'],
    ],
    runs.map(({ id, startedAt, trigger, outcome, ...run }) => [
      ...[id, startedAt, trigger, outcome, run.sent, run.accepted, run.added, run.removed],
      ...[run.refused, run.unproven, run.confirmed === null ? '' : `${run.confirmed} of ${run.readBack}`],
      ...[run.requests, run.problem?.message ?? ''],
    ]),
  );
}

function foretold({ firstRequest, ...counts }: DryRun): string {
  const rows: [string, string | number][] = [
    ['members to add', counts.adds],
    ['members to remove', counts.removes],
    ['requests', counts.requests],
    ['attribute updates that Braze bills', counts.billedAttributeUpdates],
    ['held until confirmed', counts.held ? 'yes' : 'no'],
    ['members in Mixpanel', counts.mixpanelMembers],
    ['profiles in Mixpanel', counts.mixpanelProfiles ?? '?'],
    ['members accepted by Braze', counts.brazeMembers],
    ['unmatched', counts.unmatched],
  ];
  const first = firstRequest === undefined ? '' : `\n\nThe first request:\n${visibleJson(firstRequest)}`;
  return `${table(['a run would send', ''], rows)}${first}`;
}
