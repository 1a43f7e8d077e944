/**
 * A regular expression for input from outside must take time that grows with the length of the input, not
 * with its square: otherwise one header of 16 KB could block a process for a second. The check is static, so
 * it depends on no clock: it reads every pattern in the sources and computes how its worst input grows.
 */
import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';
import { checkSync } from 'recheck/lib/browser.js';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const sources = globSync('{apps,packages}/*/{src,page}/**/*.{ts,js}', { cwd: root }).filter(
  file => !file.endsWith('.test.ts') && !file.split('/').includes('testing'),
);

/**
 * Files whose patterns get truncated texts of a few hundred characters at most, so that growth does not
 * matter.
 */
const givenShortTexts = ['packages/core/src/mixpanel/placeholder.ts'];

/** Every literal, once, with its first file; and the places where a pattern is built at run time. */
function patternsIn(files) {
  const literals = new Map();
  const computed = [];
  for (const file of files) {
    const noteComputed = ({ callee }) => {
      if (callee.type === 'Identifier' && callee.name === 'RegExp') computed.push(file);
    };
    new Visitor({
      Literal: ({ regex }) => {
        if (regex && !literals.has(`/${regex.pattern}/${regex.flags}`))
          literals.set(`/${regex.pattern}/${regex.flags}`, { ...regex, file });
      },
      NewExpression: noteComputed,
      CallExpression: noteComputed,
    }).visit(parseSync(file, readFileSync(new URL(file, root), 'utf8')).program);
  }
  return { literals: [...literals.entries()], computed };
}

/** Limit of the search for a slow input, which ends undecided; a busy machine needs several times the usual second. */
const searchMs = 60_000;

/** An input is slow by the steps that it needs, not by the clock: on a busy machine every input would be. */
const search = {
  ...{ timeout: searchMs, randomSeed: 1 },
  ...{ seedingTimeout: null, incubationTimeout: null, attackTimeout: null },
};

/** `safe` is proven linear, or no worse input was found; an undecided pattern counts as a fault. */
const growthOf = ({ pattern, flags }) => {
  const { status, complexity } = checkSync(pattern, flags, search);
  return status === 'safe' ? 'linear' : (complexity?.summary ?? status);
};

describe('a regular expression in the sources', { timeout: 2 * searchMs }, () => {
  const { literals, computed } = patternsIn(sources.filter(file => !givenShortTexts.includes(file)));

  it.each(literals)('%s takes linear time', (_text, pattern) => {
    expect(growthOf(pattern), pattern.file).toBe('linear');
  });

  it('is a literal, so that it can be checked', () => {
    expect(literals.length).toBeGreaterThan(50);
    expect(computed).toEqual([]);
  });

  it.each([/^Bearer +(\S.*?) *$/i, /\/+$/, /^(a|a)*$/])('such as %s would be found', ({ source, flags }) => {
    expect(growthOf({ pattern: source, flags })).not.toBe('linear');
  });
});
