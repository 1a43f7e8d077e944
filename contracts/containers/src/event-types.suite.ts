import { describeEventTypes } from '@braze-mixpanel/end-to-end/event-types';
import { describe } from 'vitest';
import { type ContainerStackOptions, startContainerStack } from './stack.ts';

describe('one service', () => {
  describeEventTypes(environment => start({ environment }));
});

describe('two replicas on one PostgreSQL', () => {
  describeEventTypes(environment => start({ environment, replicas: 2 }));
});

async function start(options: ContainerStackOptions) {
  const stack = await startContainerStack(options);
  const native = await stack.addMixpanel('native');
  return {
    stack,
    native: native.url,
    inside: { stack: stack.inside, native: native.inside },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
