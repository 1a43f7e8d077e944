import { describeDynamicSync } from '@braze-mixpanel/end-to-end/dynamic-sync';
import { startContainerStack } from './stack.ts';

describeDynamicSync(async () => {
  const stack = await startContainerStack({ movableClock: true });
  return {
    stack,
    serviceInside: stack.inside.service,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
});
