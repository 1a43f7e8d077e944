import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './docs.mjs';
import { documented, entryPoints, examplesOf, exportsOf, hasModuleDoc, readmeBlocks } from './interfaces.mjs';

const run = promisify(execFile);

describe.each(documented)('the interface of %s', name => {
  it('has a doc comment with @module at the head of each entry point', () => {
    expect(entryPoints(name).filter(file => !hasModuleDoc(file))).toEqual([]);
  });

  it('has a doc comment at each export', () => {
    const found = entryPoints(name).flatMap(exportsOf);
    expect(found.length).toBeGreaterThan(0);
    expect(
      found.filter(({ doc }) => doc === undefined).map(({ place, name }) => `${place}: ${name}`),
    ).toEqual([]);
  });

  it('shows in its README only TypeScript that its tests run', () => {
    const { blocks, files } = readmeBlocks(name);
    expect(blocks.filter(block => !files.includes(block))).toEqual([]);
  });
});

/** Examples are files of their own beside the packages, so that they import these as a user does. */
describe('the examples of doc comments', () => {
  const folder = join(root, 'node_modules/.cache/examples');
  const examples = documented.flatMap(examplesOf).map((example, index) => ({
    ...example,
    file: join(folder, `example-${index}`),
  }));

  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    // Node strips no types below node_modules.
    const write = ({ file, code }) => [
      writeFile(`${file}.ts`, code),
      writeFile(`${file}.mjs`, stripTypeScriptTypes(code)),
    ];
    await Promise.all(examples.flatMap(write));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = { noEmit: true, customConditions: ['source'], allowImportingTsExtensions: true };
    const inherited = { composite: false, declaration: false, sourceMap: false };
    const project = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { ...compilerOptions, ...inherited, rewriteRelativeImportExtensions: false },
      include: ['*.ts'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  });

  // The compiler checks all of them in one run, which takes longer than one test where others have the cores.
  it('exist, and compile', { timeout: 120_000 }, async () => {
    expect(examples.length).toBeGreaterThan(0);
    const tsc = join(root, 'node_modules/.bin/tsc');
    const { stdout } = await run(tsc, ['-p', folder], { cwd: root }).catch(error => error);
    expect(stdout).toBe('');
  });

  it.each(examples)('run, and print the shown output: $place', async ({ file, code }) => {
    const { stdout } = await run(process.execPath, ['--conditions=source', `${file}.mjs`], { cwd: root });
    const shown = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(stdout.split('\n').filter(Boolean)).toEqual(shown);
  });
});
