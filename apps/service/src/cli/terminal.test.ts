import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  blocks,
  cut,
  cutOnTerminal,
  fields,
  fitted,
  jsonText,
  marked,
  paragraph,
  records,
  table,
  visible,
  visibleJson,
  whole,
} from './terminal.ts';

it('A text for the terminal is at most as long as its cell, is left alone where it fits, and shows where it was cut', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400, unit: 'binary' }),
      fc.integer({ min: 1, max: 200 }),
      (text, most) => {
        const shown = cut(text, most);
        expect(shown.length).toBeLessThanOrEqual(most);
        expect(shown === text || shown.endsWith('…')).toBe(true);
        expect(shown === text).toBe(text.length <= most);
        expect(shown.isWellFormed()).toBe(true);
      },
    ),
  );
});

it('Records fit the width, and keep every word that fits a line', () => {
  const cell = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 }).map(words => words.join(' '));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,12}$/), cell, fc.integer(), cell), { maxLength: 5 }),
      fc.integer({ min: 20, max: 120 }),
      (rows, width) => {
        const shown = records(['id', 'name', 'members', 'problem'], rows, width);
        for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        const words = (text: string) => text.split(/\s+/).filter(word => word !== '');
        expect(words(shown).slice(4).toSorted()).toEqual(
          rows
            .flatMap(row => row.flatMap(each => words(typeof each === 'number' ? whole(each) : each)))
            .toSorted(),
        );
      },
    ),
  );
});

it('Blocks are the table where it fits, or else lines with labels that fit the width', () => {
  const head = ['id', 'name', 'last success'];
  const rows = [
    ['default:1', 'Power users', null],
    ['default:2', 'x'.repeat(50), 'a problem that has many words and fits no line'],
  ];
  expect(blocks(head, rows, 200)).toBe(table(head, rows));
  const narrow = blocks(head, rows, 40);
  expect(narrow).toMatch(
    /^id {12}default:1\nname {10}Power users\n\nid {12}default:2\nname {10}x{26}\n {14}x{24}\n/,
  );
  for (const line of narrow.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
});

it('Fields have names in words, and a hyphen for what is empty', () => {
  const record = {
    diedAt: 'today',
    insertId: null,
    brazeMembers: 2,
    ids: [],
    because: { noUser: 1, noId: 0 },
  };
  expect(fields('sync', record).split('\n')).toEqual([
    'sync',
    'failed at      today',
    'insert ID      -',
    'Braze members  2',
    'IDs            -',
    'because        no user: 1, no ID: 0',
  ]);
});

it('Fields and paragraphs fit the width, and contain the whole of each value', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 200 }).map(text => text.replace(/[/\\]/g, '|'));
  fc.assert(
    fc.property(value, value, fc.integer({ min: 20, max: 120 }), (name, detail, width) => {
      const shown = fields('sync', { name, detail }, width);
      for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      const [, first = '', second = ''] = /^sync\nname(.*)\ndetail(.*)$/s.exec(shown) ?? [];
      for (const [text, given] of [
        [first, name],
        [second, detail],
        [paragraph(detail, width), detail],
      ] as const)
        expect(solid(text) || '-').toBe(solid(visible(given)) || '-');
    }),
  );
});

const solid = (text: string) => text.replace(/\s/gu, '');

it('Fields keep a long ID in pieces below each other, and labels beside the first', () => {
  const shown = fields(
    'dead letter',
    { insertId: 'x'.repeat(45), detail: 'a sentence of several words' },
    30,
  );
  expect(shown.split('\n')).toEqual([
    'dead letter',
    `insert ID    ${'x'.repeat(17)}`,
    `             ${'x'.repeat(17)}`,
    `             ${'x'.repeat(11)}`,
    'detail       a sentence of',
    '             several words',
  ]);
});

it('A long text is cut on a terminal, and whole in a file or a program', () => {
  const long = 'x'.repeat(200);
  expect(cutOnTerminal(long, { isTTY: true })).toBe(`${'x'.repeat(79)}…`);
  expect(cutOnTerminal(long, { isTTY: false })).toBe(long);
});

it('Further lines of a text begin below its mark', () => {
  const shown = marked('warning  ', 'a sentence of several words', 24);
  expect(shown.split('\n')).toEqual(['warning  a sentence of', '         several words']);
  expect(marked('– ', '\u001b[31m', 1)).not.toContain('\u001b');
});

it('A text of several lines is wrapped line by line, below marks, and keeps IDs and JSON whole', () => {
  const id = 'x'.repeat(50);
  const json = '  "name": "a value of several words that is long",';
  const text = ['Invalid configuration:', ' - A sentence of several words', id, json, '', 'end'].join('\n');
  expect(fitted(text, {}, 24).split('\n')).toEqual([
    ...['Invalid configuration:', ' - A sentence of several', '   words', id, json, '', 'end'],
  ]);
  expect(fitted(text, { columns: 200 })).toBe(text);
  expect(fitted('a\u001b[31m', {})).not.toContain('\u001b');
});

it('A path that is longer than a line stays whole on a line of its own', () => {
  const path = `s3://bucket/${'folder/'.repeat(20)}file.avro`;
  expect(paragraph(`The file ${path}, byte 3: it ends.`, 40).split('\n')).toEqual([
    ...['The file', `${path},`, 'byte 3: it ends.'],
  ]);
  expect(fields('back-fill', { source: path }, 40).split('\n')).toEqual([
    ...['back-fill', `source     ${path}`],
  ]);
  expect(
    records(['id', 'source'], [['1', path]], 40)
      .split('\n')
      .at(-1),
  ).toBe(`  ${path}`);
});

it('Counts have commas between thousands, and IDs do not', () => {
  expect(table(['id', 'count'], [['2000', 2_000]])).toBe('id    count\n2000  2,000');
  expect(fields('sync', { id: '2000', members: 2_000 }, 40)).toContain('members  2,000');
});

it('JSON that nests too deep for the program is shown to a depth, and other JSON in full', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
  expect(jsonText(nested(100))).toBe(JSON.stringify(nested(100)));
  expect(jsonText(nested(20_000))).toMatch(/^(\{"a":){500}"…"\}{500}$/);
  expect(visibleJson([nested(20_000)])).toContain('"…"');
});
