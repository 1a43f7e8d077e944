import { setTimeout as pause } from 'node:timers/promises';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import { storedSyncs } from '../syncs/stored-syncs.ts';
import { cohortName } from '../syncs/sync-record.ts';
import type { SyncRegistry } from '../syncs/sync-registry.ts';
import { forgetUser } from './forget-user.ts';

/** Time-out for the run in progress of a sync. */
const forgetTimeoutMs = 10_000;

const stillInMixpanelSchema = z.object({
  sync: z.string(),
  connection: z.string(),
  cohort: z.string().describe("Mixpanel's ID of the cohort."),
  name: z.string(),
});

export const forgottenSchema = z.object({
  syncs: z.int().describe('Syncs that had the user.'),
  members: z.int().describe('Keys in snapshots: a user of a present list and of a waiting one counts twice.'),
  pages: z.int(),
  historyEntries: z.int(),
  ledgerEntries: z.int().default(0).describe('Entries in the ledgers of the newest runs.'),
  stillInMixpanel: z
    .array(stillInMixpanelSchema)
    .default([])
    .describe(
      'Cohorts that had the user in the newest list of Mixpanel, and bring them back with the next one: remove the user there. Only the call that removes the user here names them.',
    ),
  later: z.array(z.string()).describe('Syncs that were running, failed or cannot be read: repeat the call.'),
});

const kinds = ['members', 'pages', 'historyEntries', 'ledgerEntries'] as const;

/**
 * Removes one user from the data of every stored sync, also of those that do not run. A sync whose run takes
 * longer than the time-out removes the user when it ends, and is named in `later`; so is one that failed or
 * cannot be read, which does not stop the removal from the others.
 */
export async function forgetEverywhere(
  externalId: string,
  registry: SyncRegistry,
  { store, logger }: { store: CohortStore; logger: Logger },
): Promise<z.output<typeof forgottenSchema>> {
  const { syncs, damaged } = await storedSyncs(registry, store);
  const all: z.output<typeof forgottenSchema> = {
    ...{ syncs: 0, members: 0, pages: 0, historyEntries: 0, ledgerEntries: 0 },
    ...{ stillInMixpanel: [], later: [...damaged.keys()] },
  };
  for (const stored of syncs) {
    const { sync } = stored;
    const forgetting = stored
      .exclusively(() => forgetUser(sync, externalId, store))
      .catch((error: unknown) => {
        logger.error({ err: error, sync: sync.record.id }, 'a user could not be removed');
        return undefined;
      });
    const done = await Promise.race([forgetting, pause(forgetTimeoutMs, undefined, { ref: false })]);
    if (done === undefined) all.later.push(sync.record.id);
    else {
      const { id, connection, cohort } = sync.record;
      if (done.inMixpanel)
        all.stillInMixpanel.push({ sync: id, connection, cohort, name: cohortName(sync.record).name });
      for (const kind of kinds) all[kind] += done[kind];
      if (kinds.some(kind => done[kind] > 0)) all.syncs += 1;
    }
  }
  return all;
}
