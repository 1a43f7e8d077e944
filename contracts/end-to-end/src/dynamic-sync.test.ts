import { startStack } from '@braze-mixpanel/sandbox/stack';
import { describeDynamicSync } from './dynamic-sync.ts';

describeDynamicSync(async () => {
  const stack = await startStack();
  return {
    stack,
    serviceInside: stack.service,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
});
