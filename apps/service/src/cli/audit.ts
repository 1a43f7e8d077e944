import type { Command } from 'commander';
import { type AdminOptions, adminCommand, configuredClient } from './admin-client.ts';
import { table } from './terminal.ts';

interface Entry {
  id: number;
  at: string;
  actor: string;
  action: string;
  detail: unknown;
}

/** `audit`. */
export function auditCommand(): Command {
  return adminCommand('audit')
    .description(
      'list administrative actions (replay, purge, forget, cohort changes) and who made them, newest first',
    )
    .option('--limit <n>', 'maximum number', '20')
    .option('--before <id>', 'only entries with a smaller ID: the next page')
    .action(async (options: AdminOptions & { limit: string; before?: string }) => {
      const { limit, before } = options;
      const answer = await configuredClient(options).get<{ entries: Entry[] }>('/api/audit', {
        limit,
        before,
      });
      const rows = answer.entries.map(({ id, at, actor, action, detail }) => [
        ...[id, at, actor, action],
        JSON.stringify(detail),
      ]);
      console.log(
        options.json ? JSON.stringify(answer) : table(['id', 'time', 'actor', 'action', 'detail'], rows),
      );
    });
}
