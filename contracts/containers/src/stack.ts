import { type Stack, serviceEnvironment } from '@braze-mixpanel/sandbox/wiring';
import { inject } from 'vitest';
import { type ServerContainer, startContainer } from './container.ts';
import { createNetwork, type SuiteNetwork } from './network.ts';
import { startPostgres } from './postgres.ts';

/**
 * The service and the simulators, from the images to deploy, in a separate network. The URLs are for the test
 * process.
 */
export interface ContainerStack extends Stack, AsyncDisposable {
  /** The addresses at which the servers reach one another. */
  readonly inside: Stack;
  readonly containers: Readonly<Record<keyof Stack, ServerContainer>>;
  /**
   * All replicas of the service, `containers.service` first. Inside the network one name resolves to any
   * running replica.
   */
  readonly services: readonly ServerContainer[];
  /** Starts another simulated Mixpanel in the same network; it is removed with the stack. */
  addMixpanel(alias: string): Promise<ServerContainer>;
}

export interface ContainerStackOptions {
  /** Additional environment variables of the service. */
  readonly environment?: Record<string, string>;
  /**
   * Size in bytes, such as `16m`, of an in-memory /data that can become full; by default /data is a volume on
   * disk.
   */
  readonly dataSize?: string;
  /** Number of services on one PostgreSQL; by default one service on SQLite. */
  readonly replicas?: number;
  /**
   * Whether the service follows Mixpanel's clock, as in the sandbox, so that cohort schedules can be
   * advanced.
   */
  readonly movableClock?: boolean;
}

/** An image of this run. */
export const imageOf = (name: string) => `braze-mixpanel/${name}:${inject('tag')}`;

const mixpanelImage = () => ({ image: imageOf('mock-mixpanel'), port: 4020, health: '/_sim/health' });
const brazeImage = () => ({ image: imageOf('mock-braze'), port: 4010, health: '/_sim/health' });
export const serviceImage = () => ({ image: imageOf('service'), port: 4000, health: '/healthz' });

export async function startContainerStack(options: ContainerStackOptions = {}): Promise<ContainerStack> {
  await using started = new AsyncDisposableStack();
  const network = started.use(await createNetwork());
  const start = async (settings: Omit<Parameters<typeof startContainer>[0], 'network'>) =>
    started.use(await startContainer({ ...settings, network }));

  const mixpanel = await start({ ...mixpanelImage(), alias: 'mixpanel' });
  const clock: Record<string, string> = options.movableClock
    ? { CLOCK_URL: `${mixpanel.inside}/_sim/clock` }
    : {};
  const braze = await start({ ...brazeImage(), alias: 'braze' });
  const storage: Record<string, string> = options.replicas
    ? { STORAGE_URL: started.use(await startPostgres(network)).inside }
    : {};
  const startService = () =>
    start({
      ...serviceImage(),
      alias: 'service',
      environment: {
        ...serviceEnvironment({ braze: braze.inside, mixpanel: mixpanel.inside }),
        LOG_LEVEL: 'warn',
        ...storage,
        ...clock,
        ...options.environment,
      },
      ...(options.dataSize === undefined ? {} : { tmpfs: { '/data': dataIn(options.dataSize) } }),
    });
  // In sequence, so that the first one becomes the leader.
  const services: ServerContainer[] = [];
  while (services.length < (options.replicas ?? 1)) services.push(await startService());
  const service = services[0]!;
  return { ...stackOf(network, { braze, mixpanel, service }, services, started.move()) };
}

/** The mount options of the image's own /data, for an in-memory one: writable by the user `node` only. */
const dataIn = (size: string) => `size=${size},uid=1000,gid=1000,mode=0700`;

function stackOf(
  network: SuiteNetwork,
  containers: ContainerStack['containers'],
  services: readonly ServerContainer[],
  running: AsyncDisposableStack,
): ContainerStack {
  const { braze, mixpanel, service } = containers;
  return {
    braze: braze.url,
    mixpanel: mixpanel.url,
    service: service.url,
    inside: { braze: braze.inside, mixpanel: mixpanel.inside, service: service.inside },
    containers,
    services,
    addMixpanel: async alias => running.use(await startContainer({ ...mixpanelImage(), alias, network })),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
