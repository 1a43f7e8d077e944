import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { print, shownOn } from './print.ts';

const hostile = 'a\u001b[2J,"b\r\nc\u009b31m\u202e\u{e0001}"';

it('A terminal gets control characters as escapes, and never raw; line feeds stay', () => {
  const shown = shownOn({ isTTY: true }, hostile);
  expect(shown).toBe('a\\u001b[2J,"b\\u000d\nc\\u009b31m\\u202e\\udb40\\udc01"');
  expect(JSON.parse(shownOn({ isTTY: true }, JSON.stringify(hostile)))).toBe(hostile);
});

it('A file or a program gets each character as it is', () => {
  const written: string[] = [];
  const output = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  print(hostile, output);
  expect(written).toEqual([`${hostile}\n`]);
});

it('Each command prints by way of print, so that none writes vendor data raw to a terminal', () => {
  const others = globSync('*.ts', { cwd: import.meta.dirname })
    .filter(file => !/(\.test|^serve|^print)\.ts$/.test(file))
    .filter(file =>
      /console\.log|process\.stdout\.write|pipeline\(/.test(
        readFileSync(`${import.meta.dirname}/${file}`, 'utf8'),
      ),
    );
  // The chunks of its CSV are escaped before they are written.
  expect(others).toEqual(['cohort-ledger.ts']);
});
