import { type Command, InvalidArgumentError } from 'commander';
import { batchEndpoints } from '../http/batch-routes.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { table, whole } from './terminal.ts';

/** `batches list|release`: quarantined batches. */
export function batchesCommand(): Command {
  const command = adminCommand(
    'batches',
    'list and release quarantined batches, whose delivery crashed the process repeatedly',
  );

  asks(
    subcommand(command, 'list', 'list quarantined batches, oldest first')
      .option('--connection <name>', 'only of this connection')
      .option('--limit <n>', 'maximum number', '100')
      .option('--after <id>', 'only those with a larger ID: the next page', '0'),
    (service, { connection, limit, after }: { connection?: string; limit: string; after: string }) =>
      service.call(batchEndpoints.list, { query: { connection, limit, after } }),
    ({ batches }) =>
      batches.length === 0
        ? 'No quarantined batches.'
        : table(
            ['id', 'connection', 'received', 'events', 'bytes'],
            batches.map(batch => [
              ...[String(batch.id), batch.connection, batch.receivedAt, batch.events, batch.bytes],
            ]),
          ),
  );

  asks(
    subcommand(command, 'release', 'deliver them again: one by its ID, or all')
      .argument('[id]', '', batchId)
      .option('--connection <name>', 'only of this connection'),
    async (
      service,
      { connection, json }: { connection?: string; json?: boolean },
      id: number | undefined,
    ) => {
      const body = { connection, ...(id !== undefined && { ids: [id] }) };
      const answer = await service.call(batchEndpoints.release, { body });
      if (id !== undefined && answer.released === 0 && !json)
        throw new AdminError(`Batch ${id} is not quarantined; nothing was released. Run batches list.`);
      return answer;
    },
    ({ released }) => `${whole(released)} released.`,
  );
  return command;
}

function batchId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id === 0)
    throw new InvalidArgumentError('Expected the ID of a batch, a whole number. Run batches list.');
  return id;
}
