import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogueVersion, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { readConfig, startService } from '@braze-mixpanel/service';
import type { OracleWorld } from './oracle/events.ts';
import { Ledger } from './oracle/ledger.ts';
import { oracleRoutes } from './oracle/route.ts';
import { type Stack, serviceEnvironment } from './wiring.ts';

export { type Stack, sandboxKeys } from './wiring.ts';

export interface StackOptions {
  /** Usual ports; 0 or absent means any free one. */
  readonly ports?: { braze: number; mixpanel: number; service: number };
  /** Catalogue version of the service; by default 2022-06. */
  readonly catalogueVersion?: CatalogueVersion;
  /** Additional environment variables of the service. */
  readonly environment?: Record<string, string>;
  /** Number of newest emitted events that the delivery report judges; by default 100,000. */
  readonly judgedEvents?: number;
  /** Folder for the files of storage Currents; by default there are none. */
  readonly storageDir?: string;
}

/**
 * The sandbox: both simulators and the service in this process, on loopback, with an empty journal in a
 * temporary folder.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack & AsyncDisposable> {
  const { ports = { braze: 0, mixpanel: 0, service: 0 }, catalogueVersion = catalogue2022_06 } = options;
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'braze-mixpanel-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));

  const ledger = new Ledger(options.judgedEvents);
  const mixpanel = started.use(await startMockMixpanel({ port: ports.mixpanel }));
  const braze = started.use(
    await startMockBraze({
      port: ports.braze,
      storageDir: options.storageDir,
      clockUrl: `${mixpanel.url}/_sim/clock`,
      onEmit: events => ledger.note(events, mixpanel.clock.now()),
      control: oracleRoutes(() => world),
    }),
  );
  const config = readConfig({
    environment: {
      PORT: String(ports.service),
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      LOG_LEVEL: 'silent',
      DELIVERED_RETENTION: '1h',
      KEEP_TRAFFIC: '24mb',
      CLOCK_URL: `${mixpanel.url}/_sim/clock`,
      CURRENTS_GENERATION: catalogueVersion.id,
      ...serviceEnvironment({ braze: braze.url, mixpanel: mixpanel.url }),
      ...options.environment,
    },
  });
  const service = started.use(await startService(config));

  const world: OracleWorld = { catalogueVersion, ledger, braze, mixpanel, service: service.url };
  const running = started.move();
  return {
    braze: braze.url,
    mixpanel: mixpanel.url,
    service: service.url,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
