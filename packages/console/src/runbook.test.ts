import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../page/src/service/runbook-blocks.ts';

const folder = new URL('../../../docs/operate/', import.meta.url);

describe('a runbook in the console', () => {
  it('is split into headings, text, lists, tables and code', () => {
    const text =
      '# Title\n\nOne [link](a.md) and\n`code`.\n\n- a\n  b\n- **c**\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```sh\nrun  it\n```\n';
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', text: 'Title' },
      { kind: 'text', text: 'One link and `code`.' },
      { kind: 'list', items: ['a b', 'c'] },
      {
        kind: 'table',
        rows: [
          ['x', 'y'],
          ['1', '2'],
        ],
      },
      { kind: 'code', text: 'run  it' },
    ]);
  });

  it.each(globSync('*.md', { cwd: folder }))('%s loses no word, and its tables have all cells', file => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const blocks = blocksOf(text);
    const shown = JSON.stringify(blocks);
    const words = text.replace(/\]\([^()]*\)|```\w*/g, ' ').match(/\p{L}{4,}/gu) ?? [];
    expect(words.filter(word => !shown.includes(word))).toEqual([]);
    for (const block of blocks)
      if (block.kind === 'table') expect(new Set(block.rows.map(row => row.length)).size).toBe(1);
  });
});
