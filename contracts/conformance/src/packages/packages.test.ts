import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackages, makeProject, node22, runProject } from './install.ts';
import { type Project, projects } from './projects.ts';

let folder: string;
let oldNode: string | undefined;
let tarballs: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  [oldNode, tarballs] = await Promise.all([node22(), installPackages(folder)]);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('every tarball', { concurrent: true, timeout: 90_000 }, () => {
  it('has exports and files that publint accepts', async () => {
    expect(tarballs).not.toEqual([]);
    for (const path of tarballs) {
      const { buffer } = new Uint8Array(await readFile(path));
      const { messages } = await publint({ pack: { tarball: buffer }, level: 'suggestion' });
      expect(messages, path).toEqual([]);
    }
  });

  it('has types that resolve with import and with require', async () => {
    for (const path of tarballs) {
      const result = await checkPackage(createPackageFromTarballData(await readFile(path)));
      if (!result.types) throw new Error(`${path} has no types`);
      // `node10` does not support exports, and the packages need Node 22. vitest itself is ES modules only.
      const problems = result.problems.filter(
        problem =>
          !('resolutionKind' in problem && problem.resolutionKind === 'node10') &&
          !('entrypoint' in problem && problem.entrypoint === './vitest'),
      );
      expect(problems, path).toEqual([]);
    }
  });
});

describe('the published packages, installed in an empty project', { concurrent: true }, () => {
  const work = async (project: Project) => {
    const home = await makeProject(folder, project);
    expect(await runProject(process.execPath, home, project)).toContain(project.prints);
    if (project.everyNode && oldNode !== undefined)
      expect(await runProject(oldNode, home, project)).toContain(project.prints);
  };
  // Both versions of msw are linked at the same place.
  const [withMsw, others] = [true, false].map(msw =>
    projects.filter(({ uses = {} }) => 'msw' in uses === msw),
  );
  it.each(others!)('work with $kind', { timeout: 90_000 }, work);
  it.each(withMsw!)('work with $kind', { timeout: 90_000, concurrent: false }, work);
});
