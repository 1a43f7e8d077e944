import { keysOfRun, memberOfKey, newestTarget, runsOf, type Snapshot } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { RunStore } from '../syncs/run-store.ts';
import { storedSyncs } from '../syncs/stored-syncs.ts';
import { cohortName, type SyncRecord } from '../syncs/sync-record.ts';
import type { SyncRegistry } from '../syncs/sync-registry.ts';
import { isKeyOf } from './user-key.ts';

/** The state of one user in one cohort sync. */
export const membershipSchema = z.object({
  sync: z.string(),
  cohort: z.string(),
  name: z.string(),
  as: z
    .string()
    .describe(
      'Kind of the ID that is theirs: `external_id`, `device_id`, `alias`, or `unmatched`, which is no user of Braze.',
    ),
  inMixpanel: z.boolean().describe("In Mixpanel's newest list."),
  mixpanelReadAt: z.string().nullable().describe('Time of that list; `null` if it is not known.'),
  inBraze: z.boolean().describe('As far as Braze has accepted.'),
  refused: z.boolean().describe('Braze did not accept the last change of theirs.'),
  why: z.string().describe('Why it is so, and what comes next.'),
});
export type Membership = z.output<typeof membershipSchema>;

/** The state of one user in each sync that has them. @throws CohortError where a record cannot be read */
export async function traceUser(
  externalId: string,
  registry: SyncRegistry,
  store: CohortStore,
): Promise<Membership[]> {
  const found: Membership[] = [];
  const { syncs, damaged } = await storedSyncs(registry, store);
  for (const error of damaged.values()) throw error;
  for (const { sync } of syncs) {
    for (;;) {
      const { record } = sync;
      const memberships = await membershipsIn(record, externalId, store);
      // A snapshot that was replaced meanwhile may have been read partly.
      if (runsOf(sync.record.state).symmetricDifference(runsOf(record.state)).size > 0) continue;
      for (const each of memberships) found.push(each);
      break;
    }
  }
  return found;
}

/**
 * Memberships of one user in one sync; none where the cohort does not have them. Reads snapshots chunk by
 * chunk.
 */
async function membershipsIn(
  record: SyncRecord,
  externalId: string,
  store: CohortStore,
): Promise<Membership[]> {
  const isTheirs = isKeyOf(externalId);
  const { known, waiting, applying, unknown } = record.state;
  const mixpanelReadAt = record.readAt === undefined ? null : new Date(record.readAt).toISOString();
  const keysIn = async (snapshot: Snapshot<number> | undefined) => {
    const found = new Set<string>();
    const run = new RunStore(store).readSnapshot(snapshot);
    for await (const key of keysOfRun(run)) if (isTheirs(key)) found.add(key);
    return found;
  };
  const newest = newestTarget(record.state);
  const inMixpanel = await keysIn(newest);
  const inBraze = known?.run === newest?.run ? inMixpanel : await keysIn(known);
  return [...inMixpanel.union(inBraze)].sort().map(key => {
    const { kind } = memberOfKey(key);
    const refused = unknown.includes(key) || (applying?.refused.includes(key) ?? false);
    const where = {
      inMixpanel: inMixpanel.has(key),
      inBraze: inBraze.has(key) && kind !== 'unmatched' && !unknown.includes(key),
      refused,
    };
    const { id: sync, cohort } = record;
    const why = explained({ ...where, kind, held: waiting?.held ?? false, sending: applying !== undefined });
    return { sync, cohort, name: cohortName(record).name, as: kind, ...where, mixpanelReadAt, why };
  });
}

interface Standing {
  readonly kind: string;
  readonly inMixpanel: boolean;
  readonly inBraze: boolean;
  readonly refused: boolean;
  readonly held: boolean;
  readonly sending: boolean;
}

function explained({ kind, inMixpanel, inBraze, refused, held, sending }: Standing): string {
  if (kind === 'unmatched')
    return 'Mixpanel lists this distinct ID, but the matching rule finds no Braze user; see COHORT_MATCH.';
  if (refused) return 'Braze did not accept the last change for this user; it is sent again.';
  if (inMixpanel && inBraze)
    return "The user is in Mixpanel's newest list of the cohort, and Braze accepted the membership.";
  const next = held
    ? 'the safety stop holds the newest list until it is confirmed'
    : sending
      ? 'the newest list is being sent'
      : 'the newest list is sent with the next run';
  return inMixpanel
    ? `The user is in Mixpanel's newest list of the cohort, not yet in Braze: ${next}.`
    : `The user is no longer in Mixpanel's newest list of the cohort, but still in Braze: ${next}.`;
}
