import { type Command, InvalidArgumentError } from 'commander';
import {
  type AdminClient,
  AdminError,
  type AdminOptions,
  adminCommand,
  configuredClient,
} from './admin-client.ts';
import { table } from './terminal.ts';

interface Options extends AdminOptions {
  readonly connection?: string;
}

/** `batches list|release`: quarantined batches. */
export function batchesCommand(): Command {
  const command = adminCommand('batches').description(
    'list and release quarantined batches, whose delivery crashed the process repeatedly',
  );
  const add = (name: string, description: string) =>
    command.addCommand(adminCommand(name).description(description)).commands.at(-1)!;

  add('list', 'list quarantined batches, oldest first')
    .option('--connection <name>')
    .option('--limit <n>', 'maximum number', '100')
    .option('--after <id>', 'only those with a larger ID: the next page', '0')
    .action(async (options: Options & { limit: string; after: string }) => {
      const { connection, limit, after } = options;
      const answer = await client(command, options).get<{ batches: Batch[] }>('/api/batches/quarantined', {
        ...{ connection, limit, after },
      });
      print(command, options, answer, () =>
        answer.batches.length === 0
          ? 'No quarantined batches.'
          : table(
              ['id', 'connection', 'received', 'events', 'bytes'],
              answer.batches.map(batch => [
                ...[batch.id, batch.connection, batch.receivedAt, batch.events, batch.bytes],
              ]),
            ),
      );
    });

  add('release', 'deliver them again: one by its ID, or all')
    .argument('[id]', '', batchId)
    .option('--connection <name>')
    .action(async (id: number | undefined, options: Options) => {
      const { connection } = options;
      const answer = await client(command, options).post<{ released: number }>('/api/batches/release', {
        ...(connection !== undefined && { connection }),
        ...(id !== undefined && { ids: [id] }),
      });
      print(command, options, answer, () => releasedOf(id, answer.released));
    });
  return command;
}

interface Batch {
  readonly id: number;
  readonly connection: string;
  readonly receivedAt: string;
  readonly events: number;
  readonly bytes: number;
}

function batchId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id === 0)
    throw new InvalidArgumentError('Expected the ID of a batch, a whole number. Run batches list.');
  return id;
}

function releasedOf(id: number | undefined, released: number): string {
  if (id !== undefined && released === 0)
    throw new AdminError(`Batch ${id} is not quarantined; nothing was released. Run batches list.`);
  return `${released} released.`;
}

const client = (parent: Command, options: AdminOptions): AdminClient =>
  configuredClient({ ...parent.opts<AdminOptions>(), ...options });

function print(parent: Command, options: AdminOptions, answer: unknown, format: () => string): void {
  const asJson = options.json ?? parent.opts<AdminOptions>().json;
  console.log(asJson ? JSON.stringify(answer) : format());
}
