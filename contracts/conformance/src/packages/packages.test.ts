import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackages, makeProject, node22, runProject } from './install.ts';
import { projects } from './projects.ts';

let folder: string;
let oldNode: string | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  [oldNode] = await Promise.all([node22(), installPackages(folder)]);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the published packages, installed in an empty project,', () => {
  it.each(projects)('work there: $kind', { timeout: 90_000 }, async project => {
    const home = await makeProject(folder, project);
    expect(await runProject(process.execPath, home, project)).toContain(project.prints);
    if (project.everyNode && oldNode !== undefined)
      expect(await runProject(oldNode, home, project)).toContain(project.prints);
  });
});
