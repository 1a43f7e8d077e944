import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './docs.mjs';
import { notesOf, withEntry } from './release.mjs';

const text = name => readFileSync(join(root, name), 'utf8');

describe('the changelog', () => {
  it('takes a release to its head and gives its notes back, and those before it', () => {
    const changelog = withEntry(text('CHANGELOG.md'), '9.8.7', ['One change, worth $& 5.', 'Another.\n']);
    expect(notesOf(changelog, '9.8.7')).toBe('One change, worth $& 5.\n\nAnother.');
    expect(notesOf(changelog, '0.1.0')).toBe(notesOf(text('CHANGELOG.md'), '0.1.0'));
  });

  it('has an entry of the present version', () => {
    expect(notesOf(text('CHANGELOG.md'), JSON.parse(text('package.json')).version)).not.toBe('');
  });
});

describe.each(['ci', 'release'])('the workflow %s', name => {
  const { jobs, permissions } = parse(text(`.github/workflows/${name}.yml`));
  const steps = Object.values(jobs).flatMap(job => job.steps);

  it('takes actions by commit and may do no more than read, unless a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.filter(action => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it('puts nothing from outside into a shell line', () => {
    const lines = steps.flatMap(({ run }) => run ?? []);
    expect(lines.filter(line => line.includes('${{'))).toEqual([]);
  });

  it('runs only npm commands that exist', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const commands = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(match => match[1]),
    );
    expect(commands.filter(command => !Object.hasOwn(scripts, command))).toEqual([]);
  });
});
