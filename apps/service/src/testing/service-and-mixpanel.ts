import { afterAll, beforeAll, expect } from 'vitest';
import { FakeMixpanel } from './fake-mixpanel.ts';
import { RunningService } from './running-service.ts';

/**
 * Starts a fake Mixpanel and a service that delivers to it before the tests of a file, and ends both after
 * them. The service accepts bodies of up to 2 MB.
 *
 * @param use receives both before the first test
 */
export function startServiceAndMixpanel(
  use: (started: { service: RunningService; mixpanel: FakeMixpanel }) => void,
): void {
  const started = new AsyncDisposableStack();
  beforeAll(async () => {
    const mixpanel = started.use(await FakeMixpanel.start());
    const settings = { MIXPANEL_API_URL: mixpanel.url, BODY_LIMIT: '2mb' };
    use({ mixpanel, service: started.use(await RunningService.start(settings)) });
  });
  afterAll(() => started.disposeAsync());
}

/** Checks that every accepted event has exactly one outcome, among more than `atLeast` of them. */
export async function expectConservation(service: RunningService, atLeast: number): Promise<void> {
  const { accepted, imported, skipped, deadLettered, pending } = await service.settled();
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(accepted).toBeGreaterThan(atLeast);
  expect(accepted).toBe(imported + sum(skipped) + sum(deadLettered) + pending.events);
}
