import { CohortWorld } from './cohort-world.ts';
import { FakeQueryApi } from './fake-query-api.ts';

export const ids = (count: number, prefix = 'user-') =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** A service that reads the dynamic cohort 12345 through a query API, which a test prepares. */
export async function worldOf(
  prepare: (mixpanel: FakeQueryApi) => void,
  environment: Record<string, string> = {},
  users: string[] = [],
) {
  const mixpanel = new FakeQueryApi();
  prepare(mixpanel);
  const world = await CohortWorld.start(
    { ...FakeQueryApi.environment, COHORTS: '12345:dynamic', ...environment },
    { fetch: mixpanel.fetch },
    users,
  );
  return { mixpanel, world };
}
