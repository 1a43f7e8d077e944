/** Empty user projects, one of each kind: their files, and the command to run them. */
export interface Project {
  readonly kind: string;
  readonly files: Readonly<Record<string, string>>;
  /**
   * Arguments of Node; `@` is replaced by the folder of a package of this repository, for example
   * `@jest/bin/jest.js`.
   */
  readonly run: readonly string[];
  /** Packages linked from this repository instead of installed: name in the project, name here. */
  readonly uses?: Readonly<Record<string, string>>;
  /** Whether it also runs on Node 22. */
  readonly everyNode?: boolean;
  /** Text that the output contains. */
  readonly prints: string;
}

/** The common steps: start both simulators, send something, read it back. */
const steps = `
  const braze = await startMockBraze();
  const mixpanel = await startMockMixpanel();
  try {
    const answer = await fetch(braze.url + '/users/track', {
      method: 'POST',
      headers: { authorization: 'Bearer braze-rest-key' },
      body: JSON.stringify({ attributes: [{ external_id: 'ada' }] }),
    });
    await controlClient(braze.url).verify({ route: 'users-track', status: 201, count: 1 });
    const health = await controlClient(mixpanel.url).health();
    const { raw } = await mockMixpanelClient(mixpanel.url).request('GET events/count');
    const known = catalogue2022_06.entries.length;
    result = [answer.status, braze.model.users.size, health.name, raw, known].join(' ');
  } finally {
    await braze.close();
    await mixpanel.close();
  }`;
const result = '201 1 mock-mixpanel 0 41';

const names = {
  '@braze-mixpanel/mock-braze': 'startMockBraze',
  '@braze-mixpanel/mock-mixpanel': 'startMockMixpanel',
  '@braze-mixpanel/mock-mixpanel/client': 'mockMixpanelClient',
  '@braze-mixpanel/simulator-kit/client': 'controlClient',
  '@braze-mixpanel/core/currents': 'catalogue2022_06',
};
const imports = Object.entries(names)
  .map(([from, name]) => `import { ${name} } from '${from}';`)
  .join('\n');
const requires = Object.entries(names)
  .map(([from, name]) => `const { ${name} } = require('${from}');`)
  .join('\n');

/** Files of a storage Current: in a folder, and in a bucket whose client is not installed. */
const storageSteps = `
  const body = { kind: 'storage', codec: 'snappy', folder: 'exported', launch: true };
  const braze = await startMockBraze({ storageDir: '.' });
  await mockBrazeClient(braze.url).request('POST currents', { body });
  const event = { event_type: 'users.messages.email.Send', id: 'e', time: 1, user: {}, properties: {} };
  await mockBrazeClient(braze.url).request('POST emit', { body: { events: [event] } });
  const [current] = await mockBrazeClient(braze.url).request('GET currents');
  await braze.close();
  const bucket = { address: 's3://exports', endpoint: 'http://127.0.0.1:9' };
  const error = await startMockBraze({ storageBucket: bucket }).catch(error => error);
  console.log(current.sent + ' sent. ' + error.message);`;
const stored = '1 sent. The package @aws-sdk/client-s3, which these files need, is not installed.';

const mswTest = `
import { createMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeHandlers } from '@braze-mixpanel/mock-braze/msw';
import { blockVendors } from '@braze-mixpanel/simulator-kit/vendors';
import { setupServer } from 'msw/node';
import { readFileSync } from 'node:fs';

const vendors = blockVendors();
const braze = await createMockBraze();
const vendor = setupServer(...mockBrazeHandlers(braze, { baseUrls: ['https://rest.iad-01.braze.com'] }));
vendor.listen();
const answer = await fetch('https://rest.iad-01.braze.com/users/track', {
  method: 'POST',
  headers: { authorization: 'Bearer braze-rest-key' },
  body: JSON.stringify({ attributes: [{ external_id: 'ada' }] }),
});
vendor.close();
vendors.check();
await braze.close();
const { version } = JSON.parse(readFileSync(new URL('../node_modules/msw/package.json', import.meta.url), 'utf8'));
console.log('msw ' + version.split('.')[0] + ': ' + answer.status + ' ' + braze.model.users.size);
`;

const typed = (start: string) => `${start}
const control = controlClient('http://127.0.0.1:4010');
export const started: Promise<{ readonly url: string }> = startMockBraze({ port: 0, tls: { names: ['braze.test'] } });
export const entries: Promise<readonly { readonly status: number | string }[]> = control.requests({ route: 'import' });
const mixpanel = mockMixpanelClient('http://127.0.0.1:4020');
export const count: Promise<{ readonly raw: number }> = mixpanel.request('GET events/count');
// @ts-expect-error: the path has a parameter
export const cohort = mixpanel.request('GET cohorts/:id');
// @ts-expect-error: a port is a number
export const wrong = startMockBraze({ port: 'eighty' });
export const most: number = catalogue2022_06.entries.length + Number(startMockMixpanel.length);
`;
const compilerOptions = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2025', 'esnext.disposable'],
  strict: true,
  noEmit: true,
  types: ['node'],
};

export const projects: readonly Project[] = [
  {
    kind: 'ES modules',
    files: { 'index.mjs': `${imports}\nlet result;${steps}\nconsole.log(result);\n` },
    run: ['index.mjs'],
    everyNode: true,
    prints: result,
  },
  {
    kind: 'require',
    files: { 'index.cjs': `${requires}\n(async () => {\nlet result;${steps}\nconsole.log(result);\n})();\n` },
    run: ['index.cjs'],
    everyNode: true,
    prints: result,
  },
  {
    kind: 'storage Currents, ES modules',
    files: {
      'index.mjs': `import { startMockBraze } from '@braze-mixpanel/mock-braze';\nimport { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';\n${storageSteps}\n`,
    },
    run: ['index.mjs'],
    everyNode: true,
    prints: stored,
  },
  {
    kind: 'storage Currents, require',
    files: {
      'index.cjs': `const { startMockBraze } = require('@braze-mixpanel/mock-braze');\nconst { mockBrazeClient } = require('@braze-mixpanel/mock-braze/client');\n(async () => {${storageSteps}\n})();\n`,
    },
    run: ['index.cjs'],
    everyNode: true,
    prints: stored,
  },
  {
    kind: 'node:test',
    files: {
      'it.test.mjs': `import { strictEqual } from 'node:assert';\nimport { test } from 'node:test';\n${imports}\ntest('works', async () => {\nlet result;${steps}\nstrictEqual(result, '${result}');\n});\n`,
    },
    run: ['--test', '--test-reporter=tap'],
    everyNode: true,
    prints: '# pass 1',
  },
  {
    kind: 'Jest',
    files: {
      'package.json': '{"name":"theirs","private":true}',
      'it.test.js': `${requires}\ntest('works', async () => {\nlet result;${steps}\nexpect(result).toBe('${result}');\n});\n`,
    },
    run: ['@jest/bin/jest.js', '--watchman=false', '--ci', '--runInBand'],
    prints: '1 passed',
  },
  {
    kind: 'vitest',
    files: {
      'it.test.js': `import { expect } from 'vitest';\nimport { test } from '@braze-mixpanel/mock-braze/vitest';\ntest('works', async ({ braze }) => {\n  expect((await fetch(braze.url + '/_sim/health')).status).toBe(200);\n});\n`,
    },
    run: ['@vitest/vitest.mjs', 'run', '--root=.'],
    uses: { vitest: 'vitest' },
    prints: 'Tests  1 passed',
  },
  {
    kind: 'msw 3',
    files: { 'index.mjs': mswTest },
    run: ['index.mjs'],
    uses: { msw: 'msw' },
    prints: 'msw 3: 201 1',
  },
  {
    kind: 'msw 2',
    files: { 'index.mjs': mswTest },
    run: ['index.mjs'],
    uses: { msw: 'msw2' },
    prints: 'msw 2: 201 1',
  },
  {
    kind: 'TypeScript, ES modules and CommonJS',
    files: {
      'index.mts': typed(imports),
      'index.cts': typed(imports),
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['index.mts', 'index.cts'] }),
    },
    run: ['@typescript/bin/tsc', '-p', '.'],
    // The types of express are a dependency, so that the project compiles without skipLibCheck.
    uses: { '@types/node': '@types/node', 'undici-types': 'undici-types' },
    prints: '',
  },
  {
    kind: 'the command',
    files: { 'package.json': '{"name":"theirs","private":true}' },
    run: ['../node_modules/.bin/mock-braze', '--help'],
    everyNode: true,
    prints: '--tls-folder <path>',
  },
];
