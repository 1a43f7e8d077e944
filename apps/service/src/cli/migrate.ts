import { parseStorageUrl, StorageError } from '@braze-mixpanel/storage';
import type { PostgresAddress } from '@braze-mixpanel/storage/postgres';
import { migrate, readSchemaState, steps } from '@braze-mixpanel/storage/postgres';
import { Command } from 'commander';
import { z } from 'zod';
import { serviceShape } from '../config/settings.ts';
import { print } from './print.ts';
import { someSettings } from './some-settings.ts';

/** `migrate plan`, `migrate status` and `migrate apply`: the schema steps in PostgreSQL. */
export function migrateCommand(): Command {
  const command = new Command('migrate').description('manage the schema in PostgreSQL');
  command
    .command('status')
    .description('print every schema step and whether it is applied')
    .action(() => printLines(status));
  command
    .command('plan')
    .description('print what the next start would apply, and what waits for `migrate apply --contract`')
    .action(() => printLines(plan));
  command
    .command('apply')
    .description('apply the steps that add to the schema; the service does the same when it starts')
    .option(
      '--contract',
      'also the steps that remove what only older releases use; refused while an older release runs',
    )
    .action(({ contract = false }: { contract?: boolean }) =>
      printLines(address => apply(address, contract)),
    );
  return command;
}

const storageSettings = z.object({ STORAGE_URL: serviceShape.STORAGE_URL });

async function printLines(linesFor: (address: PostgresAddress) => Promise<string[]>): Promise<void> {
  const parsed = parseStorageUrl(someSettings(storageSettings).STORAGE_URL);
  if ('fault' in parsed) throw new StorageError('unavailable', `Storage can't be opened: ${parsed.fault}.`);
  const { location } = parsed;
  const lines =
    location.kind === 'postgres'
      ? await linesFor(location.address)
      : ['STORAGE_URL is SQLite: the service updates the file at start. Nothing to do.'];
  print(lines.join('\n'));
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
    `Schema of ${address.where}: this release has ${steps.length} steps, the schema requires at least ${needs}.`,
    ...rows.map(({ number, name, kind, state }) => `  ${number}  ${kind.padEnd(8)}  ${name}: ${state}`),
  ];
}

async function plan(address: PostgresAddress): Promise<string[]> {
  const { missing } = await readSchemaState(address, steps);
  const named = (kind: 'expand' | 'contract') =>
    missing.filter(({ step }) => step.kind === kind).map(({ number, step }) => `  ${number}  ${step.name}`);
  const [expand, contract] = [named('expand'), named('contract')];
  if (expand.length + contract.length === 0) return ['Nothing to do: all steps of this release are applied.'];
  return [
    ...(expand.length > 0 ? ['Applied at the next start, or by `migrate apply`:', ...expand] : []),
    ...(contract.length > 0
      ? ['Applied by `migrate apply --contract`, once every process runs this release:', ...contract]
      : []),
  ];
}

async function apply(address: PostgresAddress, contract: boolean): Promise<string[]> {
  const applied = await migrate(address, steps, { contract });
  if (applied.length === 0) return ['Nothing to do: these steps are already applied.'];
  return applied.map(({ kind, name }) => `Applied (${kind}): ${name}`);
}
