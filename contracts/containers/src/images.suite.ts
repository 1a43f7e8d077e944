import { serviceEnvironment } from '@braze-mixpanel/sandbox/wiring';
import { getContainerRuntimeClient } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startContainer } from './container.ts';
import { createNetwork } from './network.ts';
import { type ContainerStack, imageOf, serviceImage, startContainerStack } from './stack.ts';

let stack: ContainerStack;
beforeAll(async () => {
  stack = await startContainerStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

describe.each(['service', 'mock-braze', 'mock-mixpanel'])('the image braze-mixpanel/%s', name => {
  it('runs as the user node, publishes one port and leaves SIGTERM to the server', async () => {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const { Config } = await dockerode.getImage(imageOf(name)).inspect();
    expect(Config.User).toBe('node');
    expect(Object.keys(Config.ExposedPorts)).toHaveLength(1);
    // A shell in between would be process 1, and not pass on the signal.
    expect(Config.Entrypoint).toEqual(expect.arrayContaining(['node', 'main.mjs']));
  });
});

describe.each(['braze', 'mixpanel', 'service'] as const)('%s in its container', name => {
  it('is healthy by its own check', async () => {
    expect(await stack.containers[name].healthy()).toBe(true);
  });
});

describe('the service in its container', () => {
  it('starts with tracing enabled and no collector', async () => {
    await using network = await createNetwork();
    await using service = await startContainer({
      ...serviceImage(),
      ...{ alias: 'service', network },
      environment: {
        ...serviceEnvironment({ braze: 'http://braze.test', mixpanel: 'http://mixpanel.test' }),
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      },
    });
    expect((await fetch(`${service.url}/metrics`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('explains an incomplete configuration in sentences, and does not start', async () => {
    await using network = await createNetwork();
    await expect(startContainer({ ...serviceImage(), alias: 'service', network })).rejects.toThrow(
      /MIXPANEL_TOKEN is not set.*expected/s,
    );
  });
});
