import { faultKinds } from './kinds.ts';

/** The fault kinds as a Markdown table. The README's table is generated from it. */
export function faultTable(): string {
  const rows = faultKinds.map(({ kind, handled, client }) => `| \`${kind}\` | ${handled} | ${client} |`);
  return ['| kind | request is handled | the client gets |', '|---|---|---|', ...rows].join('\n');
}
