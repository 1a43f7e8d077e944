import type { CohortStore } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { Activity } from '../clock/index.ts';
import { CohortService } from '../cohorts/cohort-service.ts';
import { Secret } from '../secrets/secret.ts';
import { AnalyticsBudget } from '../vendor-http/braze-analytics.ts';
import type { ManualClock } from './manual-clock.ts';

/** A storage that loses the connection to one process, as at a kill: its later calls have no effect. */
function mortal(storage: CohortStore): { store: CohortStore; die: () => void } {
  let alive = true;
  const store = new Proxy(storage, {
    get: (target, name: keyof CohortStore) => {
      if (!alive) return () => Promise.reject(new Error('killed'));
      return target[name].bind(target);
    },
  });
  return {
    store,
    die: () => {
      alive = false;
    },
  };
}

/**
 * Only the parts that sync cohorts, on a storage and a clock, through a partner import that answers at once.
 * `die` is a kill.
 */
export function serviceOn(storage: CohortStore, braze: { readonly fetch: typeof fetch }, clock: ManualClock) {
  const activity = new Activity();
  const { store, die } = mortal(storage);
  const cohorts = new CohortService({
    ...{ store, clock, activity, fetchOf: () => braze.fetch, random: () => 0, timeoutMs: 1_000 },
    policy: { retryBaseMs: 0, retryMaxMs: 0 },
    budget: new AnalyticsBudget(),
    logger: pino({ level: 'silent' }),
    connections: [
      {
        name: 'default',
        mixpanel: { queryUrl: 'http://mixpanel.test', projectId: '1', queryCredentials: undefined },
        webhook: undefined,
        braze: {
          restUrl: 'http://braze.test',
          dataImportKey: new Secret('data-import-key'),
          partnerApiKey: new Secret('partner-key'),
          restApiKey: undefined,
        },
        ...{ analyticsKey: undefined, segments: {} },
        match: { by: 'default' },
        syncIntervalMs: 7_200_000,
        safetyStop: { over: 1_000 },
        resendIntervalMs: 7 * 24 * 3_600_000,
        queriesPerHour: 60,
        pushedAtMost: 100,
        entries: [],
      },
    ],
  });
  return { cohorts, activity, die };
}

export async function forgetAll(store: CohortStore): Promise<void> {
  const documents = await store.documents();
  await store.commit({ documents: documents.map(({ key }) => ({ key, text: null })), forget: 'default:1' });
  await store.keepOnlyRuns([]);
}
