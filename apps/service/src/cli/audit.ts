import type { Command } from 'commander';
import { auditEndpoints } from '../http/audit-routes.ts';
import { adminCommand, asks } from './admin-command.ts';
import { minute, records } from './terminal.ts';

/** `audit`. */
export function auditCommand(): Command {
  const command = adminCommand(
    'audit',
    'list administrative actions (replay, purge, forget, cohort changes) and who made them, newest first',
  )
    .option('--limit <n>', 'maximum number', '20')
    .option('--before <id>', 'only entries with a smaller ID: the next page');
  return asks(
    command,
    (service, { limit, before }: { limit: string; before?: string }) =>
      service.call(auditEndpoints.list, { query: { limit, before } }),
    ({ entries }) => {
      const rows = entries.map(({ id, at, actor, action, detail }) => [
        ...[String(id), minute(at), actor, action],
        JSON.stringify(detail),
      ]);
      return records(['id', 'time', 'actor', 'action', 'detail'], rows);
    },
  );
}
