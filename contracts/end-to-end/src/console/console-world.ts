import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { recordHistory } from './recorded-history.ts';

/** Text in every list: markup, a character that reverses the direction of writing, and 64 KB. */
const hostileName = `<img src=x onerror="document.title='run'"> \u202egnp.exe ${'long '.repeat(13_000)}`;

/** With what mock-mixpanel needs to be asked for deletions. */
const worldSettings = {
  COHORT_SAFETY_STOP: '0',
  MIXPANEL_TOKEN: sandboxKeys.mixpanelToken,
  MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token',
};

const admin = { token: sandboxKeys.adminToken };

/**
 * A sandbox with something in each view of its console, under a hostile name unless another is given.
 *
 * @param environment additional environment of the service
 */
export async function startConsoleWorld(name = hostileName, environment: Record<string, string> = {}) {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'console-world-'));
  started.defer(() => rm(folder, { recursive: true }));
  const storage = `sqlite:${join(folder, 'service.db')}`;
  await recordHistory(storage);
  const stack = started.use(
    await startStack({ environment: { ...worldSettings, STORAGE_URL: storage, ...environment } }),
  );
  const shown = started.use(await startConsole(stack));
  await seedUsers(stack);
  await launchCurrent(stack);
  await startCohorts(stack);
  await call('PUT', `${stack.mixpanel}/_sim/cohorts/999`, {
    name,
    members: [{ distinct_id: 'ada' }, { distinct_id: name.slice(0, 200) }],
  });
  await call('POST', `${stack.braze}/_sim/segments`, {
    name,
    filter: { type: 'mixpanel_cohort', operator: 'does_not_include', cohort: 'Power users' },
  });
  // Before the events: it ends what is kept of those before it.
  await call(
    'POST',
    `${stack.service}/api/forget`,
    { externalId: 'someone-forgotten', confirm: true, vendors: true },
    admin,
  );
  await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 300, seed: 1 } });
  await sendToService(stack.service, [
    event('unheard-1', 'users.unheard.Of'),
    event('unheard-2', 'users.unheard.Of'),
    event('hostile', name),
    { ...event('early', 'users.messages.email.Open'), time: 'yesterday' },
  ]);
  await until(
    'all events to be delivered',
    () => call<ServiceStatus>('GET', `${stack.service}/status`, undefined, admin),
    ({ connections }) => connections.default?.pending.events === 0 && connections.default.accepted > 300,
  );
  await call('POST', `${stack.service}/api/cohorts/default%3A101/run`, undefined, admin);
  await call('POST', `${stack.mixpanel}/_sim/faults`, { route: 'import', kind: 'latency', milliseconds: 1 });
  const running = started.move();
  return {
    ...stack,
    console: shown.url,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type ConsoleWorld = Awaited<ReturnType<typeof startConsoleWorld>>;

interface ServiceStatus {
  readonly connections: { readonly default?: { accepted: number; pending: { events: number } } };
}

/** An event of Braze with this id. */
export const event = (id: string, eventType: string) => ({
  ...{ event_type: eventType, id, time: 1_767_225_600 },
  user: { external_user_id: 'ada' },
  properties: {},
});

/** Sends events to the service as Braze does. */
export async function sendToService(service: string, events: readonly unknown[]): Promise<void> {
  const answer = await fetch(`${service}/currents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandboxKeys.currentsToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  if (!answer.ok) throw new Error(`The service answered ${answer.status}: ${await answer.text()}`);
}
