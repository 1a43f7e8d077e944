import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it, onTestFinished } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const page = await readFile(join(repository, 'docs/backfill.md'), 'utf8');
const [simulators = '', mixpanelSimulator = '', commands = ''] = [
  ...page.slice(page.indexOf('## Try it without a bucket')).matchAll(/^```sh\n(.*?)^```$/gms),
].map(([, text = '']) => text);

const service = `${process.execPath} --conditions=source --disable-warning=ExperimentalWarning ${join(repository, 'apps/service/src/main.ts')}`;

it('the recipe of a back-fill without a bucket works as it is written', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'try-a-back-fill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  expect(simulators).toMatch(/^mkdir -p exports && npm run mock:braze -- --storage-dir exports +# .*:4010$/m);
  expect(mixpanelSimulator).toMatch(/^npm run mock:mixpanel +# .*:4020$/m);
  await mkdir(join(folder, 'exports'));
  await using braze = await startMockBraze({ storageDir: join(folder, 'exports') });
  await using mixpanel = await startMockMixpanel();
  const script = commands
    .replaceAll('http://127.0.0.1:4010', braze.url)
    .replaceAll('http://127.0.0.1:4020', mixpanel.url)
    .replaceAll('npm run service --', service);
  // As in a terminal of its own, in which no service listens.
  const env = { PATH: process.env.PATH, PORT: '0' };
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], { cwd: folder, env });
  expect(stdout).toMatch(
    /^dry run\n.*^2,000 events would be sent\..*^back-fill\n.*^accepted +2,000$.*^imported +2,000$/ms,
  );
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ unique: 2_000 });
});
