import { createHash } from 'node:crypto';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import type { IdReport } from '../../src/events/ids/id-report.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let mixpanel: RunningMockMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await startMockMixpanel();
  service = await RunningService.start(environment());
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel.close();
});

const environment = (): Record<string, string> => ({
  ...accountSettings(mixpanel.url),
  MIXPANEL_EXPORT_URL: mixpanel.url,
  MIXPANEL_TOKEN: '',
});

/** Delivers one event of each user, and waits until it is counted. */
async function deliver(...users: string[]) {
  const time = Math.floor(Date.now() / 1_000);
  await service.post(batchOf(...users.map(id => emailSend({ time, user: { external_user_id: id } }))));
  await vi.waitFor(async () => expect(ids(await reports())).toEqual(expect.arrayContaining(users)));
}
async function reports(): Promise<IdReport> {
  const answer = await service.get('/api/identity');
  return ((await answer.json()) as { connections: Record<string, IdReport> }).connections.default!;
}
const ids = ({ days }: IdReport) => days.flatMap(({ sample }) => sample);
const profile = (...users: string[]) => {
  for (const id of users) mixpanel.model.profiles.set(id, { $last_seen: '2026-01-01T00:00:00' });
};

async function findings(changes: Record<string, string> = {}) {
  const token = asOperator.authorization.replace('Bearer ', '');
  const here = { ...environment(), ADMIN_TOKEN: token, CURRENTS_TOKEN: 'test-currents-token' };
  const port = String(service.service.port);
  const config = readConfig({
    environment: { ...here, STORAGE_URL: 'sqlite::memory:', PORT: port, ...changes },
  });
  const found = await doctor(config, { fetch, now: Date.now, freeBytes: async () => 10 * 1024 ** 3 });
  return (about: string) => found.find(each => each.about === about);
}
const queries = () =>
  [...mixpanel.simulator.journal.entries()].filter(({ route }) => route === 'engage').length;

describe('the doctor on user ids', () => {
  it('counts the sampled ids that have a profile, with one query where all have', async () => {
    await deliver('ada', 'grace');
    profile('ada', 'grace', 'other');
    const found = await findings();
    expect(found('Profiles of user IDs')).toMatchObject({
      ...{ connection: 'default', result: 'ok' },
      message: '2 of 2 sampled IDs of yesterday and today have a profile in Mixpanel.',
    });
    expect(found('Forms of user IDs')).toMatchObject({ result: 'ok' });
    expect(found('Events of one ID')).toMatchObject({ result: 'ok' });
    expect(queries()).toBe(1);
  });

  it('warns where most ids have no profile, and finds no form of them, with three queries', async () => {
    await deliver('ada', 'grace', 'alan');
    profile('ada', 'somebody-else');
    const found = await findings();
    expect(found('Profiles of user IDs')).toMatchObject({
      ...{ result: 'warning', message: expect.stringContaining('1 of 3 sampled IDs') },
      next: expect.stringContaining('identify()'),
    });
    expect(found('Forms of user IDs')).toMatchObject({ result: 'ok' });
    expect(queries()).toBe(3);
  });

  const hash = (name: string, text: string, as: 'hex' | 'base64') => createHash(name).update(text).digest(as);
  it.each([
    ['another case', 'Ada@Example.com', 'ada@example.com', 'in lower case'],
    ['another case on both sides', 'ADA@example.com', 'Ada@Example.com', 'another case or blanks'],
    ['a blank', ' ada ', 'ada', 'without blanks around it'],
    ['a blank in Mixpanel', 'ada', 'ada ', 'another case or blanks'],
    ['MD5', 'ada', hash('md5', 'ada', 'hex'), 'as MD5'],
    ['SHA-1 in Base64', 'ada', hash('sha1', 'ada', 'base64'), 'as SHA-1 in Base64'],
    ['SHA-256 of lower case', 'Ada ', hash('sha256', 'ada', 'hex').toUpperCase(), 'as SHA-256'],
    ['SHA-256 in Braze', hash('sha256', 'ada', 'hex'), 'ada', 'as SHA-256'],
  ])('finds an id whose profile differs by %s', async (_, sent, known, form) => {
    await deliver(sent, 'grace');
    profile(known, 'grace');
    const found = (await findings())('Forms of user IDs');
    expect(found).toMatchObject({
      result: 'warning',
      next: expect.stringContaining('never merges two users'),
    });
    expect(found?.message).toContain(
      `1 of 1 IDs without a profile are another form of an ID with one; for example, ${JSON.stringify(sent)} is ${JSON.stringify(known)} (${form})`,
    );
  });

  it('says what is not known: without events, service, token, read access or answer of Mixpanel', async () => {
    const unknown = { result: 'skipped', message: expect.stringContaining('Not known') };
    expect((await findings())('User IDs')).toMatchObject(unknown);
    await deliver('ada');
    expect((await findings({ PORT: '1' }))('User IDs')).toMatchObject(unknown);
    expect((await findings({ ADMIN_TOKEN: 'another-token-of-an-operator' }))('User IDs')).toMatchObject(
      unknown,
    );
    expect((await findings({ ADMIN_TOKEN: '' }))('User IDs')).toMatchObject(unknown);
    const asToken = {
      MIXPANEL_SERVICE_ACCOUNT: '',
      MIXPANEL_SERVICE_SECRET: '',
      MIXPANEL_TOKEN: 'mixpanel-token',
    };
    expect((await findings(asToken))('Profiles of user IDs')).toMatchObject(unknown);
    const refused = await findings({ MIXPANEL_SERVICE_SECRET: 'a-wrong-secret' });
    expect(refused('Profiles of user IDs')).toMatchObject(unknown);
    expect(refused('Forms of user IDs')).toBeUndefined();
    expect(queries()).toBeGreaterThan(0);
  });
});

describe('the user ids of delivered events', () => {
  it('are counted by day in /status, without the ids', async () => {
    expect((await service.connection()).identity).toEqual([]);
    await deliver('ada', 'ada', 'grace');
    const { identity } = await service.connection();
    expect(identity).toMatchObject([{ events: 3, ids: 2, mostOfOneId: { atLeast: 2, atMost: 2 } }]);
    expect(JSON.stringify(identity)).not.toMatch(/ada|grace/);
  });

  it('are without a forgotten user', async () => {
    await deliver('ada', 'grace');
    const body = JSON.stringify({ externalId: 'ada', confirm: true });
    const url = `${service.service.url}/api/forget`;
    const answer = await fetch(url, { method: 'POST', headers: asOperator, body });
    expect(await answer.json()).toMatchObject({ complete: true, failed: [] });
    expect(ids(await reports())).toEqual(['grace']);
  });

  it('need a token', async () => {
    expect((await service.get('/api/identity', {})).status).toBe(401);
  });
});
