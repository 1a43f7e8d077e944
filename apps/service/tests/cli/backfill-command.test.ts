import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const environment = {
    PORT: '0',
    MIXPANEL_TOKEN: 'test-project-token',
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
  };
  return ServiceProcess.run(environment, 'backfill', ...args);
}

async function refusal(...args: string[]): Promise<string> {
  const { sentences: stderr, child } = await run(...args);
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
  [
    ['--events', 'Emial Send'],
    /^The events cannot be selected\. .* Unknown: "Emial Send" \(did you mean Email Send\?\)\.$/m,
  ],
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
    ['lst', /There is no \S+lst\. Did you mean backfill list\?$/],
    ['gopher://x', /^Files cannot be read from gopher: addresses\. Expected a folder/],
    [
      's3://user:secret@bucket',
      /^The address of the files is not of the form s3:[^s]*\. Credentials are never part of it\./,
    ],
  ] as const)
    expect((await refusal(source)).trim()).toMatch(sentence);
  expect(await readdir(folder)).toEqual([]);
});

it('`backfill` ends with exit code 3 where places in files could not be read, which its help names, and with 0 otherwise', {
  timeout: 60_000,
}, async () => {
  const type = 'users.messages.email.Open';
  const event = { event_type: type, id: 'e', time: Math.floor(Date.now() / 1_000) - 60 };
  const bytes = await writeCurrentsFile(type, [
    { ...event, user: { external_user_id: 'u' }, properties: {} },
  ]);
  const source = await mkdtemp(join(folder, 'files-'));
  await writeFile(join(source, 'whole.avro'), bytes);
  expect((await run(source, '--dry-run')).child.exitCode).toBe(0);
  await writeFile(join(source, 'truncated.avro'), bytes.subarray(0, -20));
  const { stdout, child } = await run(source, '--dry-run', '--json');
  expect(child.exitCode).toBe(3);
  expect(JSON.parse(stdout.join('\n'))).toMatchObject({
    report: { files: { read: 1, damaged: 1 }, faults: { count: 1 } },
  });
  expect((await run('--help')).stdout.join('\n')).toMatch(/Exit code: 0 .* 3 if places .* could not be read/);
});

it('`backfill` names the ways to reach a service that uses the storage at another address', {
  timeout: 60_000,
}, async () => {
  const storage = { STORAGE_URL: `sqlite:${join(folder, 'data', 'service.db')}` };
  const settings = { ...storage, PORT: '0', MIXPANEL_TOKEN: 'test-project-token' };
  const { process } = await ServiceProcess.serve({ ...settings, ADMIN_TOKEN: 'a'.repeat(32) });
  await using _ = process;
  const { sentences: stderr, child } = await ServiceProcess.run(settings, 'backfill', folder, '--dry-run');
  expect(child.exitCode).toBe(1);
  expect(stderr).toMatch(
    /is in use by another process .* If it is the service, name its address with --url, or with HOST and PORT\.$/m,
  );
});
