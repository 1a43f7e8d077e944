import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A server whose start and rest are measured. */
export interface Subject {
  readonly name: string;
  /** Arguments of Node.js: flags and the entry. */
  readonly args: readonly string[];
  /** Longest time from the start of the process until it is ready, in milliseconds. */
  readonly readyMs: number;
  /** Whether the marks of a process at rest hold for it. */
  readonly hasIdleMarks: boolean;
  /** Path that answers 200 when the server is ready; without one, its line `listening on …` says so. */
  readonly readyPath?: string;
}

export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Arguments of Node.js that start a server from its sources. */
export const sources = (main: string) => [
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  main,
];

/** Builds the bundle of a server as for its image, and returns its entry. */
export async function bundle(name: string): Promise<string> {
  await promisify(execFile)(process.execPath, ['scripts/bundle.mjs', name], { cwd: repository });
  return `dist/images/${name}/main.mjs`;
}

/** Builds the bundle, and returns what to measure. */
export async function prepareSubjects(): Promise<readonly Subject[]> {
  const bundled = await bundle('service');
  return [
    {
      ...{ name: 'service from sources', args: sources('apps/service/src/main.ts') },
      ...{ readyMs: 700, readyPath: '/readyz', hasIdleMarks: true },
    },
    {
      name: 'service bundled',
      args: ['--disable-warning=ExperimentalWarning', bundled],
      ...{ readyMs: 400, readyPath: '/readyz', hasIdleMarks: true },
    },
    ...['mock-braze', 'mock-mixpanel'].map(name => ({
      ...{ name, args: sources(`packages/${name}/src/main.ts`), readyMs: 300, hasIdleMarks: false },
    })),
  ];
}
