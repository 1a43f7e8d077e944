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
  /** The S3-compatible server, if the stack has a bucket. */
  readonly s3: ServerContainer | undefined;
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
  /** Whether Braze can export to the bucket `bucketAddress`, and the service can read it. */
  readonly bucket?: boolean;
}

/** The bucket of a stack that has one. */
export const bucketAddress = 's3://exports/braze';

/** An image of this run. */
export const imageOf = (name: string) => `braze-mixpanel/${name}:${inject('tag')}`;

const mixpanelImage = () => ({ image: imageOf('mock-mixpanel'), port: 4020, health: '/_sim/health' });
const s3Image = () => ({ image: imageOf('s3'), port: 4566, health: '/health' });
const exportTo = (endpoint: string) => ({
  MOCK_BRAZE_STORAGE_BUCKET: bucketAddress,
  MOCK_BRAZE_STORAGE_ENDPOINT: endpoint,
});
const readFrom = (endpoint: string) => ({
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: 'not-a-secret',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
});
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
  const s3 = options.bucket ? await start({ ...s3Image(), alias: 's3' }) : undefined;
  const braze = await start({
    ...brazeImage(),
    alias: 'braze',
    ...(s3 && { environment: exportTo(s3.inside) }),
  });
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
        ...(s3 && readFrom(s3.inside)),
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
  return { ...stackOf(network, { braze, mixpanel, service }, services, started.move()), s3 };
}

/** The mount options of the image's own /data, for an in-memory one: writable by the user `node` only. */
const dataIn = (size: string) => `size=${size},uid=1000,gid=1000,mode=0700`;

function stackOf(
  network: SuiteNetwork,
  containers: ContainerStack['containers'],
  services: readonly ServerContainer[],
  running: AsyncDisposableStack,
): Omit<ContainerStack, 's3'> {
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
