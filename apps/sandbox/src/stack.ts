import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { readConfig, startService } from '@braze-mixpanel/service';

/** Where the three servers are. Everything that plays on them knows no more than this, so it also plays on containers. */
export interface Stack {
  readonly braze: string;
  readonly mixpanel: string;
  readonly service: string;
}

/** The obvious fakes that the servers of a sandbox know each other by. */
export const sandboxKeys = {
  currentsToken: 'sandbox-currents-token',
  mixpanelProject: '12345',
  mixpanelToken: 'mixpanel-token',
  mixpanelSecret: 'mixpanel-secret',
} as const;

export interface StackOptions {
  /** Ports that people expect; 0 or absent takes any free one. */
  readonly ports?: { braze: number; mixpanel: number; service: number };
  /** More of the service's environment. */
  readonly environment?: Record<string, string>;
}

/** Starts both simulators and the service in this process, on loopback, with an empty journal in a temporary folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack & AsyncDisposable> {
  const { ports = { braze: 0, mixpanel: 0, service: 0 } } = options;
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'braze-mixpanel-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));

  const mixpanel = started.use(await startMockMixpanel({ port: ports.mixpanel }));
  const braze = started.use(await startMockBraze({ port: ports.braze }));
  const config = readConfig({
    environment: {
      PORT: String(ports.service),
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      LOG_LEVEL: 'silent',
      CURRENTS_TOKEN: sandboxKeys.currentsToken,
      MIXPANEL_SERVICE_ACCOUNT: 'service-account',
      MIXPANEL_SERVICE_SECRET: 'service-secret',
      MIXPANEL_PROJECT_ID: sandboxKeys.mixpanelProject,
      MIXPANEL_API_URL: mixpanel.url,
      MIXPANEL_QUERY_URL: mixpanel.url,
      BRAZE_REST_URL: braze.url,
      DELIVERY_RETRY_BASE: '50ms',
      ...options.environment,
    },
  });
  const service = started.use(await startService(config));

  const running = started.move();
  return {
    braze: braze.url,
    mixpanel: mixpanel.url,
    service: service.url,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
