import { type Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import type { Fix } from '../events/dead-letters/fix.ts';
import type { Trial } from '../events/dead-letters/trial.ts';
import { deadLetterEndpoints } from '../http/dead-letter-routes.ts';
import { purgeEndpoints } from '../http/purge-routes.ts';
import { replayEndpoints } from '../http/replay-routes.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { eventTypeOption } from './event-names.ts';
import { emptyPage, olderLine, placeAfter } from './pages.ts';
import { fields, minute, paragraph, records, table, visible, visibleJson, whole } from './terminal.ts';

interface Filter {
  readonly connection?: string;
  readonly reason?: string;
  readonly eventType?: string;
  readonly insertId?: string;
  readonly since?: string;
  readonly until?: string;
}

const none = 'No dead letters found.';

/** `dead-letters list|count|show|replay|purge`. */
export function deadLettersCommand(): Command {
  const command = adminCommand(
    'dead-letters',
    'inspect, correct and replay events that could not be delivered',
  );
  const add = (name: string, description: string) => subcommand(command, name, description);

  asks(
    filtered(add('list', 'list dead letters, newest first'))
      .option('--limit <n>', 'maximum number', '20')
      .option('--before <id>', 'only those with a smaller ID: the next page'),
    (service, { limit, before, ...filter }: Filter & { limit: string; before?: string }) =>
      service.call(deadLetterEndpoints.list, { query: { ...written(filter), limit, before } }),
    ({ deadLetters }, { limit, before }) =>
      deadLetters.length === 0
        ? emptyPage(before, none, 'No older dead letters found.')
        : [
            records(
              ['id', 'failed at', 'connection', 'event type', 'reason', 'detail'],
              deadLetters.map(({ id, diedAt, connection, eventType, reason, detail }) => [
                ...[String(id), minute(diedAt), connection, eventType, reason],
                detail,
              ]),
            ),
            ...olderLine(placeAfter(deadLetters, limit)),
          ].join('\n'),
  );
  asks(
    filtered(add('count', 'count them by reason')).option('--by <field>', 'reason or event_type', 'reason'),
    (service, { by, ...filter }: Filter & { by: 'reason' | 'event_type' }) =>
      service.call(deadLetterEndpoints.count, { query: { ...written(filter), by } }),
    ({ counts }, { by }) => {
      const rows = Object.entries(counts).map(([name, count]) => [name || '(none)', count]);
      return rows.length === 0 ? none : table([by, 'count'], rows);
    },
  );
  asks(
    add('show', 'show one dead letter: reason, fix, original event and mapped event').argument(
      '<id>',
      '',
      letterId,
    ),
    (service, _options, id: string) => service.call(deadLetterEndpoints.show, { id }),
    shown,
  );
  asks(
    fixable(filtered(add('replay', 'replay them: one by its ID, or all that match the filters'))).argument(
      '[id]',
      '',
      letterId,
    ),
    async (service, options: Filter & { fix?: Fix; dryRun?: boolean }, id: string | undefined) => {
      const { fix, dryRun } = options;
      const filter = written(options);
      if (id === undefined) return service.call(replayEndpoints.many, { body: { ...filter, fix, dryRun } });
      const filters = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
      if (filters.length > 0)
        throw new AdminError(`Use either the ID (${id}) or filters (${filters.join(', ')}), not both.`);
      return service.call(replayEndpoints.one, { id, body: { fix, dryRun } });
    },
    answer => ('result' in answer ? outcomeOf(answer.result) : summaryOf(answer)),
  );
  asks(
    filtered(add('purge', 'delete them permanently; their events count as skipped')).option(
      '--confirm',
      'delete them; without this option the command prints the count only',
    ),
    async (service, { confirm, ...options }: Filter & { confirm?: boolean }) => {
      const filter = written(options);
      if (confirm) return service.call(purgeEndpoints.purge, { body: { ...filter, confirm } });
      const { counts } = await service.call(deadLetterEndpoints.count, { query: filter });
      const most = Object.values(counts).reduce((sum, count) => sum + count, 0);
      throw new AdminError(
        most === 0
          ? 'Nothing was deleted: there are no such dead letters.'
          : `Nothing was deleted. Add --confirm to delete up to ${most}.`,
      );
    },
    ({ purged }) => `${whole(purged)} purged.`,
  );
  return command;
}

function filtered(command: Command): Command {
  return command
    .option('--connection <name>', 'only of this connection')
    .option('--reason <reason>', 'only with this reason, such as invalid_time')
    .option(
      '--event-type <type>',
      'only events of this type, such as users.messages.email.Send',
      eventTypeOption,
    )
    .option('--insert-id <id>', 'only the event with this $insert_id')
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

/** The filter as the API has it. */
function written({ connection, reason, eventType, insertId, since, until }: Filter) {
  return { connection, reason, event_type: eventType, insert_id: insertId, since, until };
}

function shown({
  explanation,
  today,
  original,
  mapped,
  detail,
  ...letter
}: z.output<typeof deadLetterEndpoints.show.answer>) {
  return [
    fields('dead letter', { ...letter, id: String(letter.id), detail }),
    ...(explanation === null
      ? []
      : [`\n${paragraph(`Meaning: ${explanation.meaning}.`)}\n${paragraph(`Fix: ${explanation.next}.`)}`]),
    `\nOriginal event:\n${visibleJson(original)}`,
    ...(mapped === null ? [] : [`\nMapped event:\n${visibleJson(mapped)}`]),
    today === null
      ? `\n${paragraph('The connection is no longer configured: the dead letter can be purged, not replayed.')}`
      : `\n${forecastOf(today)}`,
  ].join('\n');
}

/** The outcome of a replay; its JSON keeps its lines. */
function forecastOf(today: Outcome): string {
  const text = `Outcome of a replay now: ${outcomeOf(today)}`;
  return today.outcome === 'mapped' ? text : paragraph(text);
}

type Outcome = Trial | { readonly outcome: 'unfit'; readonly why: string };

function outcomeOf(result: Outcome): string {
  if (result.outcome === 'mapped') return `sent to Mixpanel as\n${visibleJson(result.mapped)}`;
  if (result.outcome === 'skipped') return `skipped, ${result.reason}.`;
  if (result.outcome === 'unfit') return `not replayed, because here ${visible(result.why)}.`;
  return `a dead letter again, ${result.reason}: ${visible(result.detail)}`;
}

function summaryOf({
  replayed,
  left = {},
  examples = [],
  dryRun,
}: z.output<typeof replayEndpoints.many.answer>): string {
  const back = 'put back into the queue';
  const check =
    replayed === 0 ? '' : ' Those that fail again become dead letters: check with dead-letters list.';
  const lines = [dryRun ? `${whole(replayed)} would be ${back}.` : `${whole(replayed)} ${back}.${check}`];
  for (const [reason, count] of Object.entries(left))
    lines.push(`${whole(count)} not replayed: ${visible(reason)}.`);
  if (dryRun) for (const { id, result } of examples) lines.push(`\nDead letter ${id}: ${outcomeOf(result)}`);
  return lines.join('\n');
}
