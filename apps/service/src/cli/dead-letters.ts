import { type Command, InvalidArgumentError } from 'commander';
import type { Fix } from '../events/dead-letters/fix.ts';
import {
  type AdminClient,
  AdminError,
  type AdminOptions,
  adminCommand,
  configuredClient,
} from './admin-client.ts';
import { cut, minute, records, table, visible, visibleJson } from './terminal.ts';

interface Filter extends AdminOptions {
  readonly connection?: string;
  readonly reason?: string;
  readonly eventType?: string;
  readonly insertId?: string;
  readonly since?: string;
  readonly until?: string;
}

interface FixOptions {
  readonly fix?: Fix;
  readonly dryRun?: boolean;
}

/** `dead-letters list|count|show|replay|purge`. */
export function deadLettersCommand(): Command {
  const command = adminCommand('dead-letters').description(
    'inspect, correct and replay events that could not be delivered',
  );
  const add = (name: string, description: string) =>
    command.addCommand(adminCommand(name).description(description)).commands.at(-1)!;

  filtered(add('list', 'list dead letters, newest first'))
    .option('--limit <n>', 'maximum number', '20')
    .option('--before <id>', 'only those with a smaller ID: the next page')
    .action(async (options: Filter & { limit: string; before?: string }) => {
      const { limit, before } = options;
      const answer = await client(command, options).get<Listed>('/api/dead-letters', {
        ...queryOf(options),
        ...{ limit, before },
      });
      print(command, options, answer, () =>
        answer.deadLetters.length === 0
          ? 'No dead letters found.'
          : records(
              ['id', 'failed at', 'connection', 'event type', 'reason', 'detail'],
              answer.deadLetters.map(({ id, diedAt, connection, eventType, reason, detail }) => [
                ...[id, minute(diedAt), connection, eventType, reason],
                cut(detail),
              ]),
            ),
      );
    });

  filtered(add('count', 'count them by reason'))
    .option('--by <field>', 'reason or event_type', 'reason')
    .action(async (options: Filter & { by: string }) => {
      const { by } = options;
      const answer = await client(command, options).get<{ counts: Record<string, number> }>(
        '/api/dead-letters/counts',
        { ...queryOf(options), by },
      );
      print(command, options, answer, () =>
        table(
          [by, 'count'],
          Object.entries(answer.counts).map(([name, count]) => [name || '(none)', count]),
        ),
      );
    });

  add('show', 'show one dead letter: reason, fix, original event and mapped event')
    .argument('<id>', '', letterId)
    .action(async (id: string, options: AdminOptions) => {
      const letter = await client(command, options).get<Shown>(`/api/dead-letters/${encodeURIComponent(id)}`);
      print(command, options, letter, () => shown(letter));
    });

  fixable(filtered(add('replay', 'replay them: one by its ID, or all that match the filters')))
    .argument('[id]', '', letterId)
    .action(async (id: string | undefined, options: Filter & FixOptions) => {
      const { fix, dryRun } = options;
      const how = { ...(fix !== undefined && { fix }), ...(dryRun && { dryRun }) };
      const service = client(command, options);
      if (id === undefined) {
        const body = { ...bodyOf(options), ...how };
        const answer = await service.post<ReplayedMany>('/api/dead-letters/replay', body);
        print(command, options, answer, () => summaryOf(answer));
      } else {
        const filters = Object.keys(bodyOf(options));
        if (filters.length > 0)
          throw new AdminError(`Use either the ID (${id}) or filters (${filters.join(', ')}), not both.`);
        const path = `/api/dead-letters/${encodeURIComponent(id)}/replay`;
        const answer = await service.post<ReplayedOne>(path, how);
        print(command, options, answer, () =>
          'result' in answer ? visibleJson(answer.result) : `${answer.replayed} replayed.`,
        );
      }
    });

  filtered(add('purge', 'delete them permanently; their events count as skipped'))
    .option('--confirm', 'delete them; without this option the command prints the count only')
    .action(async (options: Filter & { confirm?: boolean }) => {
      const { confirm = false } = options;
      const body = { ...bodyOf(options), confirm };
      const answer = await client(command, options).post<{ purged: number }>('/api/dead-letters/purge', body);
      print(command, options, answer, () => `${answer.purged} purged.`);
    });
  return command;
}

function filtered(command: Command): Command {
  return command
    .option('--connection <name>')
    .option('--reason <reason>')
    .option('--event-type <type>')
    .option('--insert-id <id>')
    .option(
      '--since <moment>',
      'failed at this time or later, for example 2026-01-31 or 2026-01-31T12:00:00Z',
    )
    .option('--until <moment>', 'failed before this time');
}

/** Each option adds a step to one list; the steps apply in the order of the command line. */
function fixable(command: Command): Command {
  const steps: Fix = [];
  const step = (read: (text: string) => Fix[number]) => (text: string) => {
    steps.push(read(text));
    command.setOptionValue('fix', steps);
    return text;
  };
  return command
    .option(
      '--set <path=value>',
      'set a field before the replay; the value is JSON, or else text',
      step(text => {
        const [path, value] = parted(text);
        return { set: path, value: jsonOrText(value) };
      }),
    )
    .option(
      '--rename <path=key>',
      'rename the last key of the path before the replay',
      step(text => {
        const [path, to] = parted(text);
        return { rename: path, to };
      }),
    )
    .option(
      '--remove <path>',
      'remove a field before the replay',
      step(remove => ({ remove })),
    )
    .option('--dry-run', 'print what would happen, without replaying');
}

/** Digits only: another text could change the path, for example `.`, which would replay all. */
function letterId(text: string): string {
  if (!/^\d+$/.test(text))
    throw new InvalidArgumentError(
      'Expected the ID of a dead letter, a whole number. Run dead-letters list.',
    );
  return text;
}

function parted(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('Expected <path>=<value>, for example user.external_user_id=abc.');
  return [text.slice(0, at), text.slice(at + 1)];
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function queryOf({ connection, reason, eventType, insertId, since, until }: Filter) {
  return { connection, reason, event_type: eventType, insert_id: insertId, since, until };
}

function bodyOf(filter: Filter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(queryOf(filter)).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

const client = (parent: Command, options: AdminOptions): AdminClient =>
  configuredClient({ ...parent.opts<AdminOptions>(), ...options });

function print(parent: Command, options: AdminOptions, answer: unknown, format: () => string): void {
  const json = options.json ?? parent.opts<AdminOptions>().json;
  console.log(json ? JSON.stringify(answer) : format());
}

function shown({ explanation, today, original, mapped, detail, ...letter }: Shown): string {
  const lines = Object.entries({ ...letter, detail }).map(([key, value]) => [key, value]);
  return [
    table(['dead letter', ''], lines),
    ...(explanation === null ? [] : [`\nMeaning: ${explanation.meaning}.\nFix: ${explanation.next}.`]),
    `\nOriginal event:\n${visibleJson(original)}`,
    ...(mapped === null ? [] : [`\nMapped event:\n${visibleJson(mapped)}`]),
    today === null
      ? '\nThe connection is no longer configured: the dead letter can be purged, not replayed.'
      : `\nA replay now would be ${today.outcome}:\n${visibleJson(today)}`,
  ].join('\n');
}

function summaryOf({ replayed, left = {}, examples = [], dryRun }: ReplayedMany): string {
  const lines = [dryRun ? `${replayed} would be replayed.` : `${replayed} replayed.`];
  for (const [reason, count] of Object.entries(left))
    lines.push(`${count} not replayed: ${visible(reason)}.`);
  if (dryRun)
    for (const { id, result } of examples) lines.push(`\nDead letter ${id}:\n${visibleJson(result)}`);
  return lines.join('\n');
}

interface Letter {
  id: number;
  connection: string;
  reason: string;
  detail: string;
  eventType: string | null;
  insertId: string | null;
  receivedAt: string;
  diedAt: string;
  original: unknown;
  mapped: unknown;
}
interface Listed {
  deadLetters: Letter[];
}
interface Shown extends Letter {
  explanation: { meaning: string; next: string } | null;
  today: { outcome: string } | null;
}
interface ReplayedMany {
  replayed: number;
  left?: Record<string, number>;
  examples?: { id: number; result: unknown }[];
  dryRun?: boolean;
}
type ReplayedOne = { replayed: number } | { dryRun: true; result: unknown };
