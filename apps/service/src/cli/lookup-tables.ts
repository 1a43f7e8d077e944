import { setTimeout as pause } from 'node:timers/promises';
import { lookupTableEndpoints } from '../http/lookup-table-routes.ts';
import { tables as declared } from '../lookup-tables/tables.ts';
import type { TablesJson } from '../lookup-tables/tables-json.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { blocks, counted, minute, paragraph, visible, whole } from './terminal.ts';

interface ShowOptions {
  readonly connection: string;
}

interface PushOptions extends ShowOptions {
  readonly dryRun?: boolean;
}

const pollMs = 500;

/** `lookup-tables`: names and tags of Braze in Mixpanel's lookup tables. */
export function lookupTablesCommand() {
  const command = adminCommand('lookup-tables', "keep names and tags of Braze in Mixpanel's lookup tables");
  const show = subcommand(command, 'show', 'show the tables, and what the newest run did').option(
    '--connection <name>',
    'connection whose tables are shown',
    'default',
  );
  asks(
    show,
    (service, { connection }: ShowOptions) =>
      service.call(lookupTableEndpoints.show, { query: { connection } }),
    (answer, { connection }) => tablesText(connection, answer),
  );
  const push = subcommand(command, 'push', 'read Braze now, and write the tables that changed')
    .option('--connection <name>', 'connection whose tables are written', 'default')
    .option('--dry-run', 'read Braze and print what would be written');
  asks(
    push,
    async (service, { connection, dryRun = false }: PushOptions) => {
      const { run } = await service.call(lookupTableEndpoints.push, { body: { connection, dryRun } });
      let waits: string | null = null;
      for (;;) {
        const answer = await service.call(lookupTableEndpoints.show, { query: { connection } });
        const { number = 0, endedAt = null, waitsFor = null, problem = null } = answer.run ?? {};
        if (number > run || (number === run && endedAt !== null)) {
          if (problem !== null || number !== run) process.exitCode = 1;
          if (number !== run) console.error('The run was interrupted. This is the one after it.');
          return answer;
        }
        if (waitsFor !== null && waitsFor !== waits)
          console.error(paragraph(`Waiting, and you may interrupt this command: ${waitsFor}`));
        waits = waitsFor;
        await pause(pollMs);
      }
    },
    (answer, { connection }) => tablesText(connection, answer),
  );
  return command;
}

const outcomes = {
  written: 'written',
  unchanged: 'unchanged',
  to_be_written: 'to be written',
  empty: 'nothing to write',
  kept: 'kept as it was',
};

/** The tables of a connection, and what the newest run did. */
export function tablesText(
  connection: string,
  { state, nextRun, lastSuccess, problem, run, tables }: TablesJson,
): string {
  if (state === 'off')
    return paragraph(
      `${connection}: no lookup table is configured. Set LOOKUP_TABLE_CAMPAIGNS or another of the four IDs.`,
    );
  const rows = tables.map(({ table, rows: written, ...each }) => {
    const last = run?.tables[table];
    // A dry run, and a table that was kept, change nothing: what Mixpanel has is what was written before.
    const isConfirmed = !run?.dryRun && (last?.outcome === 'written' || last?.outcome === 'unchanged');
    const planned =
      last?.outcome === 'to_be_written' && last.rows !== null
        ? ` (${counted(last.rows, 'row', 'rows')})`
        : '';
    return [
      ...[declared[table].key, (isConfirmed ? last.rows : null) ?? written ?? 'not known'],
      last === undefined ? '-' : `${outcomes[last.outcome]}${planned}`,
      each.lastSuccess === null ? 'never' : minute(each.lastSuccess),
    ];
  });
  const progress = run?.progress;
  const problems = Object.values(run?.tables ?? {}).flatMap(each => each.problem ?? []);
  return [
    blocks(['table', 'rows', run?.dryRun ? 'dry run' : 'newest run', 'last success'], rows),
    '',
    ...(progress
      ? [
          `Campaigns and Canvases: ${whole(progress.listed)}. Details read: ${whole(progress.read)} of ${whole(progress.due)}. Deleted meanwhile: ${whole(progress.gone)}.`,
        ]
      : []),
    ...(run?.waitsFor ? [`Waiting until ${minute(run.waitsUntil!)}: ${run.waitsFor}`] : []),
    ...new Set([...problems, ...(problem === null ? [] : [problem])]),
    ...(run === null
      ? [
          'No run has begun yet, so it is not known what Mixpanel has. The first one begins by itself when this replica, or another, leads; lookup-tables push begins one now.',
        ]
      : []),
    ...(run?.endedAt === null && !progress
      ? ['Reading the lists of campaigns and Canvases from Braze.']
      : []),
    `${connection}: ${state}, ${successText(lastSuccess, tables)}, next run ${nextRun === null ? (state === 'idle' ? 'at once' : 'when this one has ended') : minute(nextRun)}.`,
    ...(run?.dryRun ? ['Nothing was written.'] : []),
  ]
    .map(line => (line.includes('\n') || line === '' ? line : paragraph(visible(line))))
    .join('\n');
}

/** When all tables last had what Braze has. */
function successText(lastSuccess: string | null, tables: TablesJson['tables']): string {
  if (lastSuccess !== null) return `last success ${minute(lastSuccess)}`;
  const missing = tables.filter(table => table.lastSuccess === null);
  return missing.length === tables.length
    ? 'last success never'
    : `no success yet of ${missing.map(({ table }) => declared[table].key).join(', ')}`;
}
