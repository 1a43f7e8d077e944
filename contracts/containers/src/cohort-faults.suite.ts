import { call, until } from '@braze-mixpanel/sandbox/control';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContainerStack, type ContainerStackOptions, startContainerStack } from './stack.ts';

/** Faults in the middle of a cohort sync. Afterwards Braze has exactly the members that Mixpanel has. */
const cohort = 12345;
/** Number of members: ten requests of the partner import, of which some are always in flight. */
const members = Array.from({ length: 10_000 }, (_, index) => `member-${index}`);
const partnerImport = 'partner-cohorts-users';

interface Sync {
  readonly running: boolean;
  readonly interrupted: boolean;
  readonly problem: { readonly code: string } | null;
  readonly brazeMembers: number;
}

let stack: ContainerStack;
/** The service that the test calls. */
let service: string;

afterEach(() => stack[Symbol.asyncDispose]());

async function start(options: ContainerStackOptions = {}): Promise<void> {
  stack = await startContainerStack({
    environment: { DELIVERY_TIMEOUT: '1s', DELIVERY_RETRY_MAX: '200ms' },
    ...options,
  });
  service = stack.services.at(-1)!.url;
  await call(
    'POST',
    `${stack.braze}/_sim/users`,
    members.map(external_id => ({ external_id })),
  );
  await call('PUT', `${stack.mixpanel}/_sim/cohorts/${cohort}`, { name: 'Members', members });
}

const api = (method: 'GET' | 'POST', path: string, body?: unknown) =>
  call<Sync>(method, `${service}/api/cohorts${path}`, body, { token: sandboxKeys.adminToken });
const sync = () => api('GET', `/${cohort}`);

/** Starts a sync of which Braze accepts some requests and then hangs, so that it stays in its middle. */
async function syncHalfway() {
  await call('POST', `${stack.braze}/_sim/faults`, { route: partnerImport, kind: 'hang', skip: 3 });
  await api('POST', '', { cohort, mode: 'dynamic', source: 'query', sink: 'partner' });
  await until(
    'a request without an answer from Braze',
    () =>
      call<{ requests: unknown[] }>(
        'GET',
        `${stack.braze}/_sim/requests?route=${partnerImport}&status=hang&limit=1`,
      ),
    ({ requests }) => requests.length > 0,
  );
  const imported = await membersInBraze();
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.length).toBeLessThan(members.length);
}

const answerAgain = () => call('DELETE', `${stack.braze}/_sim/faults`);

async function membersInBraze(): Promise<string[]> {
  const list = await call<{ cohort_id: string; members: string[] }[]>('GET', `${stack.braze}/_sim/cohorts`);
  return list.find(({ cohort_id }) => cohort_id === String(cohort))?.members ?? [];
}

const interrupted = () =>
  until('the service to stop the sync for now', sync, ({ running, problem }) => !running && problem !== null);

/** A member leaves and another joins meanwhile, and the sync is started again. */
async function expectToConverge() {
  await call('POST', `${stack.braze}/_sim/users`, { external_id: 'newcomer' });
  await call('POST', `${stack.mixpanel}/_sim/cohorts/${cohort}/members`, {
    add: ['newcomer'],
    remove: ['member-0'],
  });
  await api('POST', `/${cohort}/run`);
  const expected = [...members.slice(1), 'newcomer'].toSorted();
  const inBraze = await until(
    'Braze to have the members of Mixpanel',
    async () => (await membersInBraze()).toSorted(),
    now => now.length === expected.length && !now.includes('member-0'),
  );
  expect(inBraze).toEqual(expected);
  await until('the sync to be idle', sync, ({ running }) => !running);
  expect(await sync()).toMatchObject({ interrupted: false, problem: null, brazeMembers: expected.length });
}

describe('in the middle of a sync', () => {
  beforeEach(() => start());

  it('Braze hangs for longer than the time-out of the service', async () => {
    await syncHalfway();
    await stack.containers.braze.pause();
    await interrupted();
    await stack.containers.braze.resume();
    await answerAgain();
    await expectToConverge();
  });

  it('Braze is killed, and restarts with its data', async () => {
    await syncHalfway();
    const state = await call('GET', `${stack.braze}/_sim/state`);
    await stack.containers.braze.kill();
    await interrupted();
    await stack.containers.braze.start();
    await call('PUT', `${stack.braze}/_sim/state`, state);
    await expectToConverge();
  });

  it('the service is killed, and finishes the sync after its restart', async () => {
    await syncHalfway();
    await stack.containers.service.kill();
    await answerAgain();
    await stack.containers.service.start();
    await expectToConverge();
  });

  it('the service is cut off from both vendors', async () => {
    await syncHalfway();
    await stack.containers.service.disconnect();
    await interrupted();
    await stack.containers.service.connect();
    await answerAgain();
    await expectToConverge();
  });
});

it('a replica is killed in the middle of its sync, and another finishes it', async () => {
  await start({ replicas: 2 });
  await syncHalfway();
  await stack.containers.service.kill();
  await answerAgain();
  await expectToConverge();
});

it('Braze accepts changes and its answers are lost: the changes are sent again', async () => {
  await start();
  await call('POST', `${stack.braze}/_sim/faults`, { route: partnerImport, kind: 'lost-answer', times: 4 });
  await api('POST', '', { cohort, mode: 'dynamic', source: 'query', sink: 'partner' });
  await until('the sync to end', sync, ({ running, brazeMembers }) => !running && brazeMembers > 0);
  expect((await membersInBraze()).toSorted()).toEqual(members.toSorted());
});
