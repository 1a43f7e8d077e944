import { getContainerRuntimeClient } from 'testcontainers';
import { inject } from 'vitest';
import { runLabel } from './leftovers.ts';

/** The network of a suite, in which containers reach one another by name. */
export interface SuiteNetwork extends AsyncDisposable {
  readonly name: string;
  /** Disconnects a container from the others, in both directions. The test process still reaches it. */
  disconnect(containerId: string): Promise<void>;
  connect(containerId: string, alias: string): Promise<void>;
}

export async function createNetwork(): Promise<SuiteNetwork> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const name = `braze-mixpanel-${crypto.randomUUID()}`;
  const network = await dockerode.createNetwork({ Name: name, Labels: { [runLabel]: inject('run') } });
  return {
    name,
    async disconnect(containerId) {
      await network.disconnect({ Container: containerId, Force: true });
    },
    async connect(containerId, alias) {
      await network.connect({ Container: containerId, EndpointConfig: { Aliases: [alias] } });
    },
    async [Symbol.asyncDispose]() {
      await network.remove();
    },
  };
}
