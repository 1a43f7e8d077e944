import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startServiceProcess } from '../ingest/service-process.ts';
import { type Child, startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import type { FromSimulators, ToSimulators } from './simulators-process.ts';

export type Source = 'webhook' | 'query';

export interface CohortOptions {
  members: number;
  source: Source;
  timeoutMs: number;
}

export interface CohortFigures {
  source: Source;
  members: number;
  /** Seconds from the first page to the last member in Braze. */
  coldSeconds: number;
  /** The same for a change in which 1 % leave. */
  changed: number;
  changeSeconds: number;
  service: ProcessUsage | undefined;
}

const adminToken = 'bench-admin-token';
export const asOperator = { authorization: `Bearer ${adminToken}` };
export const webhook = { username: 'mixpanel', password: 'bench-password' };

/**
 * The cohort benchmark: a cohort of a simulated Mixpanel → the real service process → the partner import of a
 * simulated Braze, all on one machine.
 */
export async function measureCohorts({ members, source, timeoutMs }: CohortOptions): Promise<CohortFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  const folder = await mkdtemp(join(tmpdir(), 'bench-cohorts-'));
  try {
    const file = new URL('./simulators-process.ts', import.meta.url);
    await using simulators = startChild<FromSimulators>(file, [String(members)]);
    const { mixpanel, braze } = await simulators.next(message => message.kind === 'ready', signal);
    await using service = await startServiceProcess({
      profileFolder: undefined,
      environment: {
        STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
        CURRENTS_TOKEN: 'bench-token',
        MIXPANEL_API_URL: mixpanel,
        LOG_LEVEL: 'warn',
        ...cohortEnvironment(mixpanel, braze),
      },
    });
    const run = { simulators, service: service.url, source, signal };
    const coldSeconds = await timed(() => begin(run), members, run);
    const changed = Math.max(1, Math.round(members / 100));
    await order(simulators, { kind: 'change', members: changed }, signal);
    const changeSeconds = await timed(() => again(run), members - changed, run);
    return {
      ...{ source, members, coldSeconds, changed, changeSeconds },
      service: await processUsage(service.pid),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Settings of the service for cohorts by both sources, with the simulators in the place of the vendors. */
export const cohortEnvironment = (mixpanel: string, braze: string): Record<string, string> => ({
  ADMIN_TOKEN: adminToken,
  MIXPANEL_QUERY_URL: mixpanel,
  MIXPANEL_SERVICE_ACCOUNT: 'service-account',
  MIXPANEL_SERVICE_SECRET: 'service-secret',
  MIXPANEL_PROJECT_ID: '12345',
  MIXPANEL_QUERIES_PER_HOUR: '0',
  MIXPANEL_WEBHOOK_USERNAME: webhook.username,
  MIXPANEL_WEBHOOK_PASSWORD: webhook.password,
  BRAZE_REST_URL: braze,
  BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
  BRAZE_PARTNER_API_KEY: 'braze-partner-key',
});

/** A cohort that is synced. */
export interface Run {
  readonly simulators: Child<FromSimulators>;
  readonly service: string;
  readonly source: Source;
  readonly signal: AbortSignal;
}

/** Starts the first sync. */
export function begin({ simulators, service, source, signal }: Run): Promise<unknown> {
  return source === 'webhook'
    ? order(simulators, { kind: 'push', webhook: `${service}/webhooks/mixpanel/default`, ...webhook }, signal)
    : call(`${service}/api/cohorts`, { cohort: '12345', mode: 'dynamic', source: 'query' });
}

/** Starts a further sync. */
export function again({ simulators, service, source, signal }: Run): Promise<unknown> {
  return source === 'webhook'
    ? order(simulators, { kind: 'again' }, signal)
    : call(`${service}/api/cohorts/12345/run`, {});
}

/** Seconds until Braze has exactly `members` members and the service is idle. */
async function timed(start: () => Promise<unknown>, members: number, run: Run): Promise<number> {
  const begun = performance.now();
  await start();
  for (;;) {
    run.signal.throwIfAborted();
    const counted = run.simulators.next(message => message.kind === 'count', run.signal);
    run.simulators.send({ kind: 'count' } satisfies ToSimulators);
    if ((await counted).members === members && (await isAtRest(run.service)))
      return (performance.now() - begun) / 1_000;
    await wait(50);
  }
}

/** Whether no sync runs. @throws Error if one failed */
export async function isAtRest(service: string): Promise<boolean> {
  const answer = await fetch(`${service}/api/cohorts`, { headers: asOperator });
  const { cohorts } = (await answer.json()) as { cohorts: { running: boolean; problem: unknown }[] };
  const problem = cohorts.find(each => each.problem)?.problem;
  if (problem) throw new Error(`The sync failed: ${JSON.stringify(problem)}`);
  return cohorts.every(({ running }) => !running);
}

/** Waits until the simulators have done something. */
export async function order(
  simulators: Child<FromSimulators>,
  message: ToSimulators,
  signal: AbortSignal,
): Promise<void> {
  const done = simulators.next(answer => answer.kind === 'done', signal);
  simulators.send(message);
  await done;
}

async function call(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: asOperator, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
