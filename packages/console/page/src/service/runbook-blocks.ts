/** A part of a runbook. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

/** The blocks of a runbook: of Markdown, only what the runbooks of this repository have. Links become their text. */
export function blocksOf(markdown: string): readonly Block[] {
  const fences = markdown.split('```');
  return fences.flatMap((part, index): readonly Block[] =>
    index % 2 === 1
      ? [{ kind: 'code', text: part.slice(part.indexOf('\n') + 1).trimEnd() }]
      : part
          .split('\n\n')
          .map(block => block.trim())
          .filter(block => block !== '')
          .map(blockOf),
  );
}

function blockOf(block: string): Block {
  const lines = block.split('\n');
  if (block.startsWith('#')) return { kind: 'heading', text: plain(block.replace(/^#+ */, '')) };
  if (block.startsWith('|')) return { kind: 'table', rows: rowsOf(lines) };
  if (!isItem(block)) return { kind: 'text', text: plain(lines.join(' ')) };
  const items: string[] = [];
  for (const line of lines)
    if (isItem(line)) items.push(line.trim().replace(/^(?:[-*]|\d+\.) +/, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  return { kind: 'list', items: items.map(plain) };
}

const isItem = (line: string): boolean => /^ *(?:[-*]|\d+\.) /.test(line);

/** Cells of a table, without the line below its head. */
const rowsOf = (lines: readonly string[]): string[][] =>
  lines
    .filter(line => !/^\|[-|: ]+$/.test(line))
    .map(line =>
      line
        .trim()
        .slice(1, -1)
        .split('|')
        .map(cell => plain(cell.trim())),
    );

/** Text without bold marks, and with the text of links. */
const plain = (text: string): string =>
  text.replaceAll('**', '').replace(/\[([^[\]]+)\]\([^()]*\)/g, (_, label: string) => label);
