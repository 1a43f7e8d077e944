import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceBundle } from './service-bundle.mjs';

const source = 'apps/service/src/main.ts';

let folder;
let built;
const write = (file, text) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
/** Copies the source, as a bundler would. */
const build = async out => {
  built += 1;
  writeFileSync(join(out, 'main.mjs'), readFileSync(join(folder, source)));
  return [source, 'node_modules/zod/index.js'];
};
const bundled = async () => readFileSync(await serviceBundle({ folder, build }), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-bundle-'));
  built = 0;
  for (const file of ['package-lock.json', 'tsconfig.base.json', 'scripts/bundle.mjs']) write(file, '');
  write(source, 'first');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the bundle that tests start', () => {
  it('is built once of the same sources', async () => {
    expect([await bundled(), await bundled(), built]).toEqual(['first', 'first', 1]);
  });

  it.each([
    ...[source, 'apps/service/src/new.ts', 'packages/core/src/facts.json', 'packages/core/package.json'],
    ...['package-lock.json', 'tsconfig.base.json', 'scripts/bundle.mjs'],
  ])('is another one after a change of %s, even if its time and size stay', async file => {
    write(file, 'first');
    utimesSync(join(folder, file), 1, 1);
    const before = await serviceBundle({ folder, build });
    write(file, 'other');
    utimesSync(join(folder, file), 1, 1);
    const after = await serviceBundle({ folder, build });
    expect([after === before, built]).toEqual([false, 2]);
    expect(readFileSync(after, 'utf8')).toBe(readFileSync(join(folder, source), 'utf8'));
  });

  it('is the same one after a change of a test', async () => {
    await bundled();
    write('apps/service/src/main.test.ts', 'other');
    expect([await bundled(), built]).toEqual(['first', 1]);
  });

  it('is built again where a source is changed during the build', async () => {
    const changing = async out => {
      const sources = await build(out);
      if (built === 1) write(source, 'other');
      return sources;
    };
    expect(readFileSync(await serviceBundle({ folder, build: changing }), 'utf8')).toBe('other');
    write(source, 'first');
    expect(await bundled()).toBe('first');
  });

  it('is not used where it has a source that the digest leaves out', async () => {
    const more = async out => [...(await build(out)), 'apps/other/src/a.ts'];
    await expect(serviceBundle({ folder, build: more })).rejects.toThrow(
      'The bundle of the service has sources that its digest leaves out: apps/other/src/a.ts.',
    );
    expect([await bundled(), built]).toEqual(['first', 2]);
  });

  it('is one where two processes build it at once', async () => {
    const both = await Promise.all([bundled(), bundled()]);
    expect([both, built]).toEqual([['first', 'first'], 2]);
  });

  it('of former sources is removed after an hour, and not before', async () => {
    const old = await serviceBundle({ folder, build });
    write(source, 'second');
    const recent = await serviceBundle({ folder, build });
    utimesSync(dirname(old), 1, 1);
    write(source, 'third');
    await bundled();
    expect([old, recent].map(existsSync)).toEqual([false, true]);
  });
});
