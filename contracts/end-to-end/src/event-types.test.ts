import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { describeEventTypes } from './event-types.ts';

describeEventTypes(async environment => {
  await using started = new AsyncDisposableStack();
  const stack = started.use(await startStack({ environment }));
  const native = started.use(await startMockMixpanel({ port: 0 })).url;
  const running = started.move();
  return {
    stack,
    native,
    inside: { stack, native },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
});
