import { parseStorageUrl, StorageError } from '@braze-mixpanel/storage';
import type { PostgresAddress } from '@braze-mixpanel/storage/postgres';
import { migrate, readSchemaState, steps } from '@braze-mixpanel/storage/postgres';
import { Command } from 'commander';
import { configured } from './configured.ts';

/** `migrate plan`, `migrate status` and `migrate apply`: the tables in PostgreSQL, and the steps that make them. */
export function migrateCommand(): Command {
  const command = new Command('migrate').description('manage the schema in PostgreSQL');
  command
    .command('status')
    .description('print every schema step and whether it is applied')
    .action(() => print(status));
  command
    .command('plan')
    .description('print what the next start would apply, and what waits for `migrate apply --contract`')
    .action(() => print(plan));
  command
    .command('apply')
    .description('apply the steps that add to the schema; the service does the same when it starts')
    .option(
      '--contract',
      'also the steps that take away what only older releases use; refused while one of those runs',
    )
    .action(({ contract = false }: { contract?: boolean }) => print(address => apply(address, contract)));
  return command;
}

async function print(say: (address: PostgresAddress) => Promise<string[]>): Promise<void> {
  const parsed = parseStorageUrl(configured().storageUrl);
  if ('fault' in parsed) throw new StorageError('unavailable', `Storage can't be opened: ${parsed.fault}.`);
  const { location } = parsed;
  const lines =
    location.kind === 'postgres'
      ? await say(location.address)
      : [
          'STORAGE_URL names SQLite: its file is brought up to date when the service opens it. Nothing to do here.',
        ];
  console.log(lines.join('\n'));
}

async function status(address: PostgresAddress): Promise<string[]> {
  const { applied, missing, needs } = await readSchemaState(address, steps);
  const rows = [
    ...applied.map(({ number, name, kind }) => ({
      ...{ number, name, kind },
      state: number > steps.length ? 'applied, by a newer release' : 'applied',
    })),
    ...missing.map(({ number, step: { name, kind } }) => ({ number, name, kind, state: 'missing' })),
  ].sort((a, b) => a.number - b.number);
  return [
    `Tables of ${address.where}: this program knows ${steps.length} steps, the tables need a program that knows ${needs}.`,
    ...rows.map(({ number, name, kind, state }) => `  ${number}  ${kind.padEnd(8)}  ${name}: ${state}`),
  ];
}

async function plan(address: PostgresAddress): Promise<string[]> {
  const { missing } = await readSchemaState(address, steps);
  const named = (kind: 'expand' | 'contract') =>
    missing.filter(({ step }) => step.kind === kind).map(({ number, step }) => `  ${number}  ${step.name}`);
  const [expand, contract] = [named('expand'), named('contract')];
  if (expand.length + contract.length === 0)
    return ['Nothing to do: every step that this program knows was applied.'];
  return [
    ...(expand.length > 0 ? ['Applied at the next start, or by `migrate apply`:', ...expand] : []),
    ...(contract.length > 0
      ? ['Applied by `migrate apply --contract`, once every process runs this release:', ...contract]
      : []),
  ];
}

async function apply(address: PostgresAddress, contract: boolean): Promise<string[]> {
  const applied = await migrate(address, steps, { contract });
  if (applied.length === 0) return ['Nothing to do: every such step was applied already.'];
  return applied.map(({ kind, name }) => `Applied (${kind}): ${name}`);
}
