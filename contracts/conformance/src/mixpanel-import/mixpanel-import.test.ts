import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defaultProject, type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

/** The published npm package `mixpanel-import`, unchanged except for the address of its connections. */
const { token, apiSecret, serviceAccount, serviceSecret, id: project } = defaultProject;
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let mixpanel: RunningMockMixpanel;
let importer: ChildProcess;
beforeAll(async () => {
  mixpanel = await startMockMixpanel();
  importer = fork(fileOf('./import-process.cjs'), {
    execArgv: ['--require', fileOf('./redirect.cjs')],
    env: { PATH: process.env.PATH, MIXPANEL_SIMULATOR: mixpanel.url },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
});
afterEach(() => mixpanel.model.reset());
afterAll(async () => {
  const ended = once(importer, 'exit');
  importer.disconnect();
  await ended;
  await mixpanel.close();
});

interface Result {
  readonly success: number;
  readonly failed: number;
  readonly errors: Record<string, number>;
}

async function runImport(credentials: object, records: object[], options: object): Promise<Result> {
  importer.send({ credentials, records, options });
  const [result] = await once(importer, 'message');
  return result as Result;
}

const events = Array.from({ length: 4_500 }, (_, index) => ({
  event: 'Email Send',
  properties: {
    time: 1_767_225_600 + index,
    distinct_id: `user-${index % 100}`,
    $insert_id: `event-${index}`,
  },
}));

it.each([
  [
    'a service account, compressed',
    { acct: serviceAccount, pass: serviceSecret, project },
    { compress: true },
  ],
  ['a token', { token }, { compress: false }],
  ['an API secret', { secret: apiSecret }, { compress: true }],
])('mixpanel-import delivers events with %s', async (_, credentials, options) => {
  const result = await runImport(credentials, events, { recordType: 'event', strict: true, ...options });
  expect(result).toMatchObject({ success: 4_500, failed: 0 });
  expect([mixpanel.model.events.raw, mixpanel.model.events.unique]).toEqual([4_500, 4_500]);
});

it('mixpanel-import counts rejected events by reason and delivers the others', async () => {
  const mixed = [
    ...events.slice(0, 10),
    { event: 'Email Send', properties: { ...events[11]?.properties, distinct_id: 'null' } },
  ];
  const result = await runImport({ token }, mixed, { recordType: 'event', strict: true, abridged: false });
  expect(result).toMatchObject({
    success: 10,
    failed: 1,
    errors: { "'distinct_id' is invalid: 'null' is not allowed": 1 },
  });
  expect(mixpanel.model.events.raw).toBe(10);
});

it('mixpanel-import retries after a 429', async () => {
  mixpanel.simulator.faults.add({ route: 'import', kind: 'status', status: 429, times: 2 });
  const result = await runImport({ token }, events.slice(0, 10), { recordType: 'event', strict: true });
  expect(result).toMatchObject({ success: 10, failed: 0 });
});

it('mixpanel-import delivers profiles of users and groups', async () => {
  const users = [{ $token: token, $distinct_id: 'ada', $ignore_time: true, $set: { plan: 'pro' } }];
  expect(await runImport({ token }, users, { recordType: 'user' })).toMatchObject({ success: 1, failed: 0 });
  expect(mixpanel.model.profiles.get('ada')).toMatchObject({ plan: 'pro' });
  const groups = [{ $token: token, $group_key: 'company', $group_id: 'Acme', $set: { size: 3 } }];
  expect(await runImport({ token }, groups, { recordType: 'group' })).toMatchObject({
    success: 1,
    failed: 0,
  });
  expect([...mixpanel.model.groups.entries()]).toEqual([['company\nAcme', { size: 3 }]]);
});
