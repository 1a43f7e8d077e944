import { mkdtemp, readdir, rm } from 'node:fs/promises';
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
  [['--gaps', '--every-day'], /^A search for gaps needs its first day: add --from/],
  [['--every-day', '--from', '2026-01-01'], /^--every-day is only for a search for gaps: add --gaps/],
  [
    ['--from', 'yesterday'],
    /^--from <time> is "yesterday"\. Expected a day or a time, such as 2026-01-31 or /,
  ],
  [['--from', '2026-02-01', '--to', '2026-01-01'], /^--from is not before --to\./],
  [['--events', ','], /^--events <names> is ","\. Expected names of events, separated by commas\./],
  [['--events', 'Emial Send'], /^Unknown event\. .* Unknown: "Emial Send"\./],
  [['--connection', 'other'], /^Unknown connection\./],
  [
    ['--mapping-before', 'never'],
    /^--mapping-before <which> is "never"\. Allowed choices are present, oldest\./,
  ],
])(
  '`backfill` refuses %j in one sentence, before anything is started',
  { timeout: 60_000 },
  async (args, sentence) => {
    const text = await refusal(folder, ...args);
    expect(text).toMatch(sentence);
    expect(text.trim().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  },
);

it('`backfill` where no service runs says nothing but why it refuses a source', {
  timeout: 60_000,
}, async () => {
  for (const [source, sentence] of [
    [
      join(folder, 'nowhere'),
      /^The files cannot be listed, so no back-fill was started\. There is no \S+nowhere\.$/,
    ],
    ['gopher://x', /^Files cannot be read from gopher: addresses\. Expected a folder/],
    [
      's3://user:secret@bucket',
      /^The address of the files is not of the form s3:[^s]*\. Credentials are never part of it\./,
    ],
  ] as const)
    expect((await refusal(source)).trim()).toMatch(sentence);
  expect(await readdir(folder)).toEqual([]);
});
