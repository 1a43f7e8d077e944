import { type Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { batchEndpoints } from '../http/batch-routes.ts';
import { adminCommand, asks, subcommand } from './admin-command.ts';
import { AdminError } from './admin-error.ts';
import { emptyPage, nextLine, placeAfter } from './pages.ts';
import { paragraph, table, whole } from './terminal.ts';

/** `batches list|release|retry`: quarantined batches, and those that wait after a failure. */
export function batchesCommand(): Command {
  const command = adminCommand(
    'batches',
    'list and release quarantined batches, whose delivery crashed the process repeatedly; retry waiting ones',
  );

  asks(
    subcommand(command, 'list', 'list quarantined batches, oldest first')
      .option('--connection <name>', 'only of this connection')
      .option('--limit <n>', 'maximum number', '100')
      .option('--after <id>', 'only those with a larger ID: the next page'),
    (service, { connection, limit, after }: { connection?: string; limit: string; after?: string }) =>
      service.call(batchEndpoints.list, { query: { connection, limit, after } }),
    ({ batches }, { limit, after }) =>
      batches.length === 0
        ? emptyPage(after, 'No quarantined batches.', 'No later quarantined batches.')
        : [
            table(
              ['id', 'connection', 'received', 'events', 'bytes'],
              batches.map(batch => [
                ...[String(batch.id), batch.connection, batch.receivedAt, batch.events, batch.bytes],
              ]),
            ),
            ...nextLine('Later ones: --after', placeAfter(batches, limit)),
          ].join('\n'),
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

  asks(
    subcommand(command, 'retry', 'send batches that wait after a failure now').option(
      '--connection <name>',
      'only of this connection',
    ),
    (service, { connection }: { connection?: string }) =>
      service.call(batchEndpoints.retry, { body: { connection } }),
    ({ connections }) =>
      Object.entries(connections)
        .map(([name, retried]) => paragraph(`${name}: ${retriedText(retried)}`))
        .join('\n') || 'No connections.',
  );
  return command;
}

type Retried = z.output<typeof batchEndpoints.retry.answer>['connections'][string];

function retriedText({ outcome, at, inMs }: Retried): string {
  if (outcome === 'retrying') return 'sent now. /status has the outcome.';
  if (outcome === 'sending') return 'a request is in flight already, so no second one is sent.';
  if (outcome === 'waits')
    return `Mixpanel asked for a pause: sent in ${whole(Math.ceil((inMs ?? 0) / 1_000))} s, at ${at}.`;
  if (outcome === 'held') return 'held by the configuration (DELIVERY_MODE); nothing is sent.';
  if (outcome === 'not_configured') return 'no longer configured; nothing is sent.';
  return 'nothing waits.';
}

function batchId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id === 0)
    throw new InvalidArgumentError('Expected the ID of a batch, a whole number. Run batches list.');
  return id;
}
