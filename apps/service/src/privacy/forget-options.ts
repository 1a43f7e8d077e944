import type { Storage } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { MonotonicMs } from '../clock/index.ts';
import type { CohortApi } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import type { IdObserver } from '../events/ids/id-observer.ts';
import type { BrazeUserMap } from './braze-users/braze-user-map.ts';
import type { ForgetWithReceiptOptions } from './forget-with-receipt.ts';
import type { Tombstones } from './tombstones.ts';

interface Parts {
  readonly dependencies: { readonly monotonic: () => MonotonicMs; readonly logger: Logger };
  readonly storage: Storage;
  readonly cohorts: CohortApi;
  readonly ids: IdObserver;
  readonly tombstones: Tombstones;
  readonly brazeUserMap: BrazeUserMap;
  readonly wakeDeletions: () => Promise<void>;
  readonly deletionsNow: () => number;
}

/** Time-out of a removal for batches that are being delivered: longer than most requests to Mixpanel. */
const forgetTimeoutMs = 40_000;

/** What removals of a process need under a configuration. */
export function forgetOptions(
  { dependencies, storage, cohorts, ids, tombstones, brazeUserMap, wakeDeletions, deletionsNow: now }: Parts,
  config: Pick<Config, 'connections' | 'retention'>,
): ForgetWithReceiptOptions {
  const { monotonic, logger } = dependencies;
  const { journal, deadLetters, receipts } = storage;
  return {
    ...{ journal, deadLetters, receipts, storage, cohorts, ids, tombstones, brazeUsers: brazeUserMap },
    ...{ connections: config.connections, wakeDeletions, now, monotonic, timeoutMs: forgetTimeoutMs },
    onFailure: (part, err) => logger.error({ err, part }, 'a user could not be removed everywhere'),
    keepsDelivered: config.retention.deliveredMs > 0,
  };
}
