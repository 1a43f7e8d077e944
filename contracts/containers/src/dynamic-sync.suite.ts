import { describeDynamicSync } from '@braze-mixpanel/end-to-end/dynamic-sync';
import { describe } from 'vitest';
import { startContainerStack } from './stack.ts';

describe('one service', () => {
  describeDynamicSync(() => start());
});

describe('two replicas on one PostgreSQL, asked at the one that does not run the syncs', () => {
  describeDynamicSync(() => start(2));
});

async function start(replicas?: number) {
  const stack = await startContainerStack({
    movableClock: true,
    ...(replicas === undefined ? {} : { replicas }),
  });
  return {
    stack: { ...stack, service: stack.services.at(-1)!.url },
    serviceInside: stack.inside.service,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
