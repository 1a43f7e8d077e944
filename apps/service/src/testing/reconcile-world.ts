import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import type { ReconciliationAnswer } from '../http/reconcile-routes.ts';
import type { ServiceDependencies } from '../service/dependencies.ts';
import { ManualClock } from './manual-clock.ts';
import { accountSettings } from './mixpanel-account.ts';
import { asOperator, RunningService } from './running-service.ts';

const hour = 3_600_000;
/** Noon of the first day of a {@link reconcileWorld}. */
export const worldStart = Date.parse('2026-03-01T12:00:00Z');

/** What a {@link reconcileWorld} differs in. */
export interface WorldOptions {
  readonly environment?: Record<string, string>;
  /** Text of a configuration file, from the address of Mixpanel. */
  readonly configFile?: (mixpanelUrl: string) => string;
  /** Time zone of the Braze company. */
  readonly companyZone?: string;
  /** Time zone of the Mixpanel project. */
  readonly projectZone?: string;
  readonly dependencies?: Partial<ServiceDependencies>;
}

/** A service on a clock of 2026-03-01 between a simulated Braze and Mixpanel, whose clocks are ten days ahead. */
export async function reconcileWorld({
  environment = {},
  configFile,
  companyZone = 'UTC',
  projectZone = 'UTC',
  dependencies = {},
}: WorldOptions = {}) {
  await using started = new AsyncDisposableStack();
  const clock = new ManualClock(worldStart);
  const mixpanelServer = started.use(await startMockMixpanel({ settings: { timeZone: projectZone } }));
  const brazeServer = started.use(await startMockBraze({ settings: { timeZone: companyZone } }));
  mixpanelServer.clock.set(worldStart + 10 * 24 * hour);
  brazeServer.clock.set(worldStart + 10 * 24 * hour);
  const folder = await mkdtemp(join(tmpdir(), 'reconcile-world-'));
  started.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'service.yaml');
  if (configFile !== undefined) await writeFile(file, configFile(mixpanelServer.url));
  const settings = {
    ...(configFile !== undefined && { CONFIG_FILE: file }),
    ...{ MIXPANEL_TOKEN: '', ...accountSettings(mixpanelServer.url) },
    ...{ BRAZE_REST_URL: brazeServer.url, BRAZE_ANALYTICS_KEY: 'braze-rest-key' },
    ...{ BRAZE_TIMEZONE: companyZone, MIXPANEL_PROJECT_TIMEZONE: projectZone, ...environment },
  };
  const running = started.use(await RunningService.start(settings, { clock, ...dependencies }));
  const braze = mockBrazeClient(brazeServer.url);
  const mixpanel = mockMixpanelClient(mixpanelServer.url);
  /** Emits events at Braze and sends them to the service, once. */
  const emit = async (...events: readonly unknown[]) => {
    await braze.request('POST emit', { body: { events: [...events] } });
    await running.post({ events });
    await running.settled();
  };
  const begin = async (from = '2026-03-01', to = from): Promise<number> => {
    const body = JSON.stringify({ from, to });
    const headers = { ...asOperator, 'content-type': 'application/json' };
    const begun = await fetch(`${running.service.url}/api/reconcile`, { method: 'POST', headers, body });
    return ((await begun.json()) as { id: number }).id;
  };
  const get = async (id: number): Promise<ReconciliationAnswer> =>
    (await (await running.get(`/api/reconcile/${id}`, asOperator)).json()) as ReconciliationAnswer;
  const ended = async (id: number): Promise<ReconciliationAnswer> => {
    for (;;) {
      const answer = await get(id);
      if (answer.state !== 'running') return answer;
    }
  };
  const report = async (from?: string, to?: string) => (await ended(await begin(from, to))).report!;
  const kept = started.move();
  return {
    ...{ running, clock, braze, mixpanel, mixpanelUrl: mixpanelServer.url, emit, begin, get, ended, report },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
