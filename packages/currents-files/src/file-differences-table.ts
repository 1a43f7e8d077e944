import { glossary2026_07 } from '@braze-mixpanel/core/currents';
import { type FileDifferences, fileDifferences } from './file-differences.ts';

/**
 * What events from files lack, as a Markdown table with a row for the event types that lack the same.
 *
 * @example
 * ```ts
 * import { fileDifferencesTable } from '@braze-mixpanel/currents-files';
 *
 * console.log(fileDifferencesTable().includes('users.messages.email.Send')); // true
 * ```
 */
export function fileDifferencesTable(): string {
  const rows = new Map<string, string[]>();
  for (const { eventType } of glossary2026_07) {
    const differences = fileDifferences(eventType);
    const cells = differences ? cellsOf(differences) : '(only files have these event types) | —';
    if (cells !== '— | —') rows.set(cells, [...(rows.get(cells) ?? []), `\`${eventType}\``]);
  }
  return [
    '| not in files | in files with 32 bits | event types |',
    '|---|---|---|',
    ...Array.from(rows, ([cells, types]) => `| ${cells} | ${types.join(', ')} |`),
  ].join('\n');
}

function cellsOf({ missing, missingOfUser, rounded }: FileDifferences): string {
  const names = (list: readonly string[]) => list.map(name => `\`${name}\``).join(', ') || '—';
  return `${names([...missing, ...missingOfUser.map(name => `user.${name}`)])} | ${names(rounded)}`;
}
