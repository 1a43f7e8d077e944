import { faultKinds } from './kinds.ts';

/** The kinds of faults as Markdown, for the README: the only source of its table. */
export function faultTable(): string {
  const rows = faultKinds.map(({ kind, handled, client }) => `| \`${kind}\` | ${handled} | ${client} |`);
  return ['| kind | request is handled | the client gets |', '|---|---|---|', ...rows].join('\n');
}
