import type { Command } from 'commander';
import type { z } from 'zod';
import { auditEndpoints } from '../http/audit-routes.ts';
import { adminCommand, asks } from './admin-command.ts';
import { emptyPage, olderLine, placeAfter } from './pages.ts';
import { blocks, labelOf, minute, whole } from './terminal.ts';

type Entry = z.output<typeof auditEndpoints.list.answer>['entries'][number];

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
    ({ entries }, options) => auditText(entries, options),
  );
}

function auditText(entries: readonly Entry[], { limit, before }: { limit: string; before?: string }): string {
  if (entries.length === 0)
    return emptyPage(before, 'No administrative actions yet.', 'No older administrative actions.');
  const rows = entries.map(({ id, at, actor, action, detail }) => [
    ...[String(id), minute(at), actor, action, detailText(detail)],
  ]);
  return [
    blocks(['id', 'time', 'actor', 'action', 'detail'], rows),
    ...olderLine(placeAfter(entries, limit)),
  ].join('\n');
}

/** The detail of an entry in words, with the names of the records that a value is in: `cohorts, syncs: 2`. */
export const detailText = (detail: Entry['detail']): string => factsOf(detail, []).join('; ') || '-';

function factsOf(detail: object, within: readonly string[]): string[] {
  return Object.entries(detail).flatMap(([name, value]) => {
    const path = [...within, labelOf(name)];
    return isRecord(value) && Object.keys(value).length > 0
      ? factsOf(value, path)
      : [`${path.join(', ')}: ${valueText(value, /\b(IDs?|run|batch)$/.test(path.join(' ')))}`];
  });
}

/** @param isId whether a number is no count */
function valueText(value: unknown, isId: boolean): string {
  if (value === null || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return isId ? String(value) : whole(value);
  if (Array.isArray(value)) return value.map(each => valueText(each, isId)).join(', ') || 'none';
  if (!isRecord(value)) return String(value);
  return Object.keys(value).length === 0 ? 'none' : `(${detailText(value)})`;
}

const isRecord = (value: unknown): value is Entry['detail'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
