import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

/** The linter's report on files in a repository of their own, under the rules of this one. */
async function lint(files) {
  const folder = await mkdtemp(join(tmpdir(), 'dependencies-'));
  try {
    const { overrides, ...config } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    // Plugins are files of the repository, which the temporary one does not have.
    const rules = overrides.filter(({ plugins }) => plugins === undefined);
    const all = {
      ...files,
      'biome.json': JSON.stringify({ ...config, overrides: rules, vcs: { enabled: false } }),
    };
    for (const [file, text] of Object.entries(all)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `${text}\n`);
    }
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const { stdout, stderr } = await run(process.execPath, [biome, 'lint', '--colors=off', '.'], {
      cwd: folder,
    }).catch(failure => failure);
    return (stdout + stderr).replaceAll(/\s+/g, ' ');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The linter checks the repository by these rules; this test shows that they fail. */
describe('an import against the module boundaries fails the linter', () => {
  it.each([
    {
      what: 'upward in the service, with one sentence that says which floor may import which',
      files: {
        'apps/service/src/config/config.ts':
          "import { route } from '../http/route.ts';\nexport const config = route;",
        'apps/service/src/http/route.ts': 'export const route = 1;',
      },
      says: 'config/ may import from clock/, secrets/, tracing/ and errors/, and from packages; never from cli/, service/, http/,',
    },
    {
      what: 'upward from a folder inside a floor',
      files: {
        'apps/service/src/events/delivery/a.ts':
          "import { b } from '../../observability/metrics/b.ts';\nexport const a = b;",
        'apps/service/src/observability/metrics/b.ts': 'export const b = 1;',
      },
      says: 'events/ and cohorts/ may import from vendor-http/',
    },
    {
      what: 'upward for a type alone',
      files: {
        'apps/service/src/errors/a.ts': "import type { Sync } from '../cohorts/b.ts';\nexport type A = Sync;",
        'apps/service/src/cohorts/b.ts': 'export type Sync = string;',
      },
      says: 'clock/, secrets/, tracing/ and errors/ may import from each other, and from packages; never from',
    },
    {
      what: 'in a circle of types',
      files: {
        'packages/core/src/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;",
        'packages/core/src/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;",
      },
      says: 'lint/suspicious/noImportCycles',
    },
    {
      what: 'of Node in core',
      files: {
        'packages/core/src/a.ts':
          "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
      },
      says: 'packages/core is pure',
    },
    {
      what: 'of a simulator in the service',
      files: {
        'apps/service/src/events/a.ts':
          "import { startMockBraze } from '@braze-mixpanel/mock-braze';\nexport const a = startMockBraze;",
      },
      says: 'The service may not import a simulator',
    },
    {
      what: 'of the storage of the service in a simulator',
      files: {
        'packages/mock-braze/src/a.ts':
          "import { openStorage } from '@braze-mixpanel/storage';\nexport const a = openStorage;",
      },
      says: 'A simulator may not import the service',
    },
    {
      what: 'of a simulator in the clock that the service shares with it',
      files: {
        'packages/simulated-clock/src/a.ts':
          "import { createClock } from '@braze-mixpanel/simulator-kit';\nexport const a = createClock;",
      },
      says: 'packages/simulated-clock is below the service and the simulators',
    },
  ])('$what', async ({ files, says }) => {
    expect(await lint(files)).toContain(says);
  });

  it('downward passes', async () => {
    const files = {
      'apps/service/src/http/route.ts':
        "import { config } from '../config/config.ts';\nexport const a = config;",
      'apps/service/src/config/config.ts': 'export const config = 1;',
    };
    expect(await lint(files)).toContain('No fixes applied');
  });
});

describe('the commands of the service', () => {
  const entry = 'apps/service/src/cli/commands.ts';
  const external = ({ path, kind }) => (kind === 'entry-point' ? undefined : { path, external: true });
  /** Packages of other authors; the workspaces are followed. */
  const packages = { name: 'packages', setup: ({ onResolve }) => onResolve({ filter: /^[^.@]/ }, external) };

  /** The packages that the module loads at its start, and not on demand. */
  function loadedBy(module, inputs) {
    const reached = new Set([module]);
    const loaded = new Set();
    for (const file of reached)
      for (const { path, kind, external } of inputs[file].imports) {
        if (kind === 'dynamic-import') continue;
        (external ? loaded : reached).add(path);
      }
    return loaded;
  }

  it('start without the web server', async () => {
    const { metafile } = await build({
      ...{ absWorkingDir: root, entryPoints: [entry], bundle: true, splitting: true, format: 'esm' },
      ...{ write: false, metafile: true, outdir: root, platform: 'node', conditions: ['source'] },
      plugins: [packages],
    });
    const { inputs } = metafile;
    const commands = inputs[entry].imports.filter(({ kind }) => kind === 'dynamic-import');
    expect(commands.length).toBeGreaterThan(15);
    for (const { path } of commands) {
      expect(loadedBy(path, inputs), path).toContain('commander');
      expect(loadedBy(path, inputs), path).not.toContain('express');
    }
  });
});
