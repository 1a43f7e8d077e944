import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { inject } from 'vitest';
import { runLabel } from './leftovers.ts';
import type { SuiteNetwork } from './network.ts';

export interface ContainerSettings {
  readonly image: string;
  /** Its name in the network. */
  readonly alias: string;
  /** Its port inside the container. */
  readonly port: number;
  /** Path that answers 200 when the server is ready. */
  readonly health: string;
  readonly network: SuiteNetwork;
  readonly environment?: Record<string, string>;
  /** Folders in memory with mount options, such as `{ '/data': 'size=16m' }`. */
  readonly tmpfs?: Record<string, string>;
}

/** A server in its container, with the faults that can be applied to it. */
export interface ServerContainer extends AsyncDisposable {
  /** Its URL for the test process: constant, also over restarts. */
  readonly url: string;
  /** Its URL for the other containers. */
  readonly inside: string;
  /** Sends SIGKILL; resolves when it has exited. */
  kill(): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after 10 s. Resolves to the exit code. */
  stop(): Promise<number>;
  /** Starts a stopped or killed container with its data; resolves when it answers. */
  start(): Promise<void>;
  /** Freezes all its processes: connections stay open without answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Disconnects it from the suite's network and connects it again. */
  disconnect(): Promise<void>;
  connect(): Promise<void>;
  /** Whether the health check of its image reports it as healthy. */
  healthy(): Promise<boolean>;
  /** Its complete output. */
  logs(): Promise<string>;
}

/**
 * A container as in production: everything outside of its volumes is read-only; only this machine can reach
 * it.
 */
class GuardedContainer extends GenericContainer {
  publish(port: number, host: number): this {
    this.withExposedPorts({ container: port, host });
    this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(host) }] };
    this.hostConfig.ReadonlyRootfs = true;
    return this;
  }
}

/** Starts a container. @throws Error with the server's output if it does not start to listen */
export async function startContainer(settings: ContainerSettings): Promise<ServerContainer> {
  const { alias, network, port } = settings;
  const host = await freePort();
  let printed = '';
  const started = await new GuardedContainer(settings.image)
    .publish(port, host)
    .withLabels({ [runLabel]: inject('run') })
    .withNetworkMode(network.name)
    .withNetworkAliases(alias)
    .withEnvironment(settings.environment ?? {})
    .withTmpFs(settings.tmpfs ?? {})
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withWaitStrategy(Wait.forLogMessage(/listening on/))
    .withStartupTimeout(30_000)
    .withLogConsumer(stream => {
      stream.on('data', (text: Buffer) => {
        printed += text;
      });
    })
    .start()
    .catch((cause: unknown) => {
      throw new Error(`${settings.image} did not start. It printed: ${printed.slice(-2_000)}`, { cause });
    });

  const { dockerode } = (await getContainerRuntimeClient()).container;
  const container = dockerode.getContainer(started.getId());
  const url = `http://127.0.0.1:${host}`;
  const answers = () =>
    call('GET', url + settings.health).then(
      () => true,
      () => false,
    );
  return {
    url,
    inside: `http://${alias}:${port}`,
    async kill() {
      await container.kill();
      await container.wait();
    },
    async stop() {
      await container.stop({ t: 10 });
      return (await container.inspect()).State.ExitCode;
    },
    async start() {
      await container.start();
      await until(`${alias} to answer at ${url}`, answers, Boolean);
    },
    async pause() {
      await container.pause();
    },
    async resume() {
      await container.unpause();
    },
    disconnect: () => network.disconnect(container.id),
    connect: () => network.connect(container.id, alias),
    async healthy() {
      const { Healthcheck } = (await container.inspect()).Config;
      const [kind, ...command] = Healthcheck?.Test ?? [];
      if (kind !== 'CMD') throw new Error(`${settings.image} has no health check that runs without a shell.`);
      return (await started.exec(command)).exitCode === 0;
    },
    async logs() {
      return String(await container.logs({ stdout: true, stderr: true }));
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true, v: true });
    },
  };
}

/** A port that stays the same over restarts; the engine would pick a new one each time. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
