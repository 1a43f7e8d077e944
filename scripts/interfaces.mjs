/**
 * The interfaces of the packages: exports of each entry point with their doc comments, and the examples in
 * comments and READMEs. `interfaces.test.mjs` checks the packages of `documented`.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** Packages whose every export has a doc comment. Add yours. */
export const documented = [
  'simulator-kit',
  'mock-braze',
  'mock-mixpanel',
  'core',
  'storage',
  'concurrency',
  'currents-files',
  'console',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The source files that a package's `exports` name. */
export function entryPoints(name) {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  return Object.values(exports).map(target => join(root, 'packages', name, target.source ?? target));
}

const parsed = new Map();

function parse(file) {
  const text = readFileSync(file, 'utf8');
  if (!parsed.has(file)) parsed.set(file, { file, text, ...parseSync(file, text) });
  return parsed.get(file);
}

/** The doc comment that ends right before this place; `undefined` when there is none. */
function docBefore({ text, comments }, start) {
  const doc = comments.findLast(({ end }) => end <= start && text.slice(end, start).trim() === '');
  return doc?.type === 'Block' && doc.value.startsWith('*') ? doc.value : undefined;
}

/** Whether the file opens with a doc comment that has `@module`. */
export function hasModuleDoc(file) {
  const { comments } = parse(file);
  return comments[0]?.value.startsWith('*') === true && comments[0].value.includes('@module');
}

/**
 * The exports of a file: name, file and doc comment. Exports of other packages are left out.
 *
 * @returns {{ name: string, place: string, doc: string | undefined }[]}
 */
export function exportsOf(file) {
  const source = parse(file);
  return source.program.body.flatMap(statement => {
    if (statement.type === 'ExportAllDeclaration') return reExported(file, statement.source.value);
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { declaration, specifiers } = statement;
    if (statement.source) {
      const names = new Map(specifiers.map(({ local, exported }) => [local.name, exported.name]));
      return reExported(file, statement.source.value)
        .filter(({ name }) => names.has(name))
        .map(found => ({ ...found, name: names.get(found.name) }));
    }
    const doc = docBefore(source, statement.start);
    const declared = declaration?.declarations?.map(({ id }) => id) ?? (declaration ? [declaration.id] : []);
    return declared.map(({ name }) => ({ name, place: relative(root, file), doc }));
  });
}

const reExported = (file, specifier) =>
  specifier.startsWith('.') ? exportsOf(join(dirname(file), specifier)) : [];

const fences = /```ts\n([\s\S]*?)```/g;

/** The TypeScript of every `@example` in a package's doc comments, with its place. */
export function examplesOf(name) {
  const files = globSync('src/**/*.ts', { cwd: join(root, 'packages', name) });
  return files.flatMap(file => {
    const source = parse(join(root, 'packages', name, file));
    return source.comments
      .filter(({ type, value }) => type === 'Block' && value.startsWith('*') && value.includes('@example'))
      .flatMap(({ value, start }) => {
        const line = source.text.slice(0, start).split('\n').length;
        const markdown = value.replaceAll(/^ *\* ?/gm, '');
        const example = markdown.slice(markdown.indexOf('@example'));
        return [...example.matchAll(fences)].map(([, code]) => ({
          place: `packages/${name}/${file}:${line}`,
          code,
        }));
      });
  });
}

/** The TypeScript blocks of a package's README, and the files of which each should be one. */
export function readmeBlocks(name) {
  const folder = join(root, 'packages', name);
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const files = globSync('src/readme-*.ts', { cwd: folder });
  return {
    blocks: [...readme.matchAll(fences)].map(([, code]) => code),
    files: files.map(file => readFileSync(join(folder, file), 'utf8')),
  };
}
