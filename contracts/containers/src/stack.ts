import { type Stack, serviceEnvironment } from '@braze-mixpanel/sandbox/wiring';
import { type ServerContainer, startContainer } from './container.ts';
import { createNetwork, type SuiteNetwork } from './network.ts';

/** Service and simulators, each the image that would be deployed, in a network of their own. The URLs are the test process's. */
export interface ContainerStack extends Stack, AsyncDisposable {
  /** The same servers as they reach one another. */
  readonly inside: Stack;
  readonly containers: Readonly<Record<keyof Stack, ServerContainer>>;
  /** One more simulated Mixpanel in the same network; it goes with the rest. */
  addMixpanel(alias: string): Promise<ServerContainer>;
}

export interface ContainerStackOptions {
  /** More of the service's environment. */
  readonly environment?: Record<string, string>;
  /** Bytes, as `16m`, of a /data that lies in memory and can run full; without it /data is a volume on disk. */
  readonly dataSize?: string;
  /** The service follows the clock of Mixpanel, as in the sandbox, so that cohort schedules can be moved. */
  readonly movableClock?: boolean;
}

const mixpanelImage = { image: 'braze-mixpanel/mock-mixpanel', port: 4020, health: '/_sim/health' };
const brazeImage = { image: 'braze-mixpanel/mock-braze', port: 4010, health: '/_sim/health' };
export const serviceImage = { image: 'braze-mixpanel/service', port: 4000, health: '/healthz' };

export async function startContainerStack(options: ContainerStackOptions = {}): Promise<ContainerStack> {
  await using started = new AsyncDisposableStack();
  const network = started.use(await createNetwork());
  const start = async (settings: Omit<Parameters<typeof startContainer>[0], 'network'>) =>
    started.use(await startContainer({ ...settings, network }));

  const mixpanel = await start({ ...mixpanelImage, alias: 'mixpanel' });
  const clock: Record<string, string> = options.movableClock
    ? { CLOCK_URL: `${mixpanel.inside}/_sim/clock` }
    : {};
  const braze = await start({ ...brazeImage, alias: 'braze' });
  const service = await start({
    ...serviceImage,
    alias: 'service',
    environment: {
      ...serviceEnvironment({ braze: braze.inside, mixpanel: mixpanel.inside }),
      LOG_LEVEL: 'warn',
      ...clock,
      ...options.environment,
    },
    ...(options.dataSize === undefined ? {} : { tmpfs: { '/data': dataIn(options.dataSize) } }),
  });
  return { ...stackOf(network, { braze, mixpanel, service }, started.move()) };
}

/** What the image's own /data is like, in memory: writable by the user `node` alone. */
const dataIn = (size: string) => `size=${size},uid=1000,gid=1000,mode=0700`;

function stackOf(
  network: SuiteNetwork,
  containers: ContainerStack['containers'],
  running: AsyncDisposableStack,
): ContainerStack {
  const { braze, mixpanel, service } = containers;
  return {
    braze: braze.url,
    mixpanel: mixpanel.url,
    service: service.url,
    inside: { braze: braze.inside, mixpanel: mixpanel.inside, service: service.inside },
    containers,
    addMixpanel: async alias => running.use(await startContainer({ ...mixpanelImage, alias, network })),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
