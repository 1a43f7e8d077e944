import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, pages, regenerate, root } from './docs.mjs';

const scripts = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).scripts;

describe.each(await pages())('%s', page => {
  const path = join(root, page);

  it('has its generated parts up to date (npm run docs writes them)', async () => {
    const text = await readFile(path, 'utf8');
    expect(regenerate(text)).toBe(text);
  });

  it('links only to existing files', async () => {
    const text = await readFile(path, 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(match => match[1]);
    expect(targets.filter(target => !existsSync(join(dirname(path), target)))).toEqual([]);
  });

  it('names only existing files of code', async () => {
    const text = await readFile(path, 'utf8');
    const files = [...text.matchAll(/`((?:apps|packages|contracts|scripts)\/[\w./-]+\.(?:ts|mjs))`/g)];
    expect(files.map(match => match[1]).filter(file => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names only npm commands that exist', async () => {
    const text = await readFile(path, 'utf8');
    const commands = [...text.matchAll(/npm (?:run ([\w:]+)|(start|test)\b)/g)].map(
      match => match[1] ?? match[2],
    );
    expect(commands.filter(name => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

it.each(Object.keys(files))('%s is up to date (npm run docs writes it)', async file => {
  expect(await readFile(join(root, file), 'utf8')).toBe(files[file]());
});

it.each([
  ['README.md', 1],
  ['docs/console.md', 6],
])(
  '%s shows %i images of the console, each below 150 kB (npm run screenshots -- --docs makes them)',
  async (page, number) => {
    const text = await readFile(join(root, page), 'utf8');
    const images = [...text.matchAll(/!\[[^\]]+\]\(([^)]*console[^)]*\.png)\)/g)].map(match => match[1]);
    expect(images).toHaveLength(number);
    for (const image of images)
      expect((await stat(join(dirname(join(root, page)), image))).size, image).toBeLessThan(150_000);
  },
);

it('docs/storage.md names every table of both storage engines', async () => {
  const schemas = join(root, 'packages/storage/schema');
  const sqlite = await readFile(join(schemas, 'sqlite.sql'), 'utf8');
  const postgres = await readFile(join(schemas, 'postgres.txt'), 'utf8');
  const tables = new Set([
    ...[...sqlite.matchAll(/^CREATE TABLE (\w+)/gm)].map(match => match[1]),
    ...[...postgres.matchAll(/^(\w+)\.\w+ /gm)].map(match => match[1]),
  ]);
  expect(tables.size).toBeGreaterThan(20);
  const text = await readFile(join(root, 'docs/storage.md'), 'utf8');
  expect([...tables].filter(table => !text.includes(`\`${table}`))).toEqual([]);
});

const packages = await readdir(join(root, 'packages'));
const readmes = packages
  .map(name => `packages/${name}/README.md`)
  .filter(name => existsSync(join(root, name)));

/** Commands that fetch a package or an image of this project from a registry. */
const fetches =
  /np(?:m (?:install|i|add)|x)\b[^\n]*(?<!from )@braze-mixpanel\/|npx --package|docker pull\b[^\n]*braze-mixpanel|ghcr\.io(?!\/your-fork)/;

it.each([...(await pages()), ...readmes])('%s names no package or image on a registry', async page => {
  expect(await readFile(join(root, page), 'utf8')).not.toMatch(fetches);
});
