import { describeDynamicSync } from '@braze-mixpanel/end-to-end/dynamic-sync';
import { describe } from 'vitest';
import { type ContainerStackOptions, startContainerStack } from './stack.ts';

describe('one service', () => {
  describeDynamicSync(() => start());
});

describe('two replicas on one PostgreSQL, called at the follower', () => {
  describeDynamicSync(() => start({ replicas: 2 }));
});

async function start(options: ContainerStackOptions = {}) {
  const stack = await startContainerStack({ movableClock: true, ...options });
  return {
    stack: { ...stack, service: stack.services.at(-1)!.url },
    serviceInside: stack.inside.service,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
