import { describeEventTypes } from '@braze-mixpanel/end-to-end/event-types';
import { startContainerStack } from './stack.ts';

describeEventTypes(async () => {
  const stack = await startContainerStack();
  const native = await stack.addMixpanel('native');
  return {
    stack,
    native: native.url,
    inside: { stack: stack.inside, native: native.inside },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
});
