import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function refusal(...args: string[]): Promise<string> {
  const environment = {
    PORT: '0',
    MIXPANEL_TOKEN: 'test-project-token',
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
  };
  const { stderr, child } = await ServiceProcess.run(environment, 'backfill', ...args);
  expect(child.exitCode).toBe(1);
  return stderr;
}

it.each([
  [
    ['--price-per-million', '5'],
    /^--price-per-million is only for a dry run: add --dry-run, or leave the price out\./,
  ],
  [['--gaps'], /^A search for gaps needs its first day: add --from, at most 100 days before --to\./],
  [['--every-day'], /^A search for gaps needs its first day: add --from/],
])(
  '`backfill` refuses %j in one sentence, before anything is started',
  { timeout: 60_000 },
  async (args, sentence) => {
    const text = await refusal(folder, ...args);
    expect(text).toMatch(sentence);
    expect(text.trim().split('\n')).toHaveLength(1);
  },
);

it('`backfill` where no service runs says nothing but why it refuses a source', {
  timeout: 60_000,
}, async () => {
  const text = await refusal(join(folder, 'nowhere'));
  expect(text.trim()).toMatch(
    /^The files cannot be listed, so no back-fill was started\. There is no \S+nowhere\.$/,
  );
});
