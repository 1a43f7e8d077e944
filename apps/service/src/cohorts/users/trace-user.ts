import { keysOfRun, memberOfKey, newestTarget, type Snapshot } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import { RunStore } from '../syncs/run-store.ts';
import { cohortName, type SyncRecord } from '../syncs/sync-record.ts';
import { isKeyOf } from './user-key.ts';

/** Where one user stands in one cohort sync. */
export interface Membership {
  readonly sync: string;
  readonly cohort: string;
  readonly name: string;
  /** Kind of the id that is theirs: `external_id`, `device_id`, `alias`, or `unmatched`, which is nobody in Braze. */
  readonly as: string;
  /** In Mixpanel's newest word. */
  readonly inMixpanel: boolean;
  /** As far as Braze has accepted. */
  readonly inBraze: boolean;
  /** Braze did not accept the last change of theirs. */
  readonly refused: boolean;
  /** Why it is so, and what comes next. */
  readonly why: string;
}

/** Memberships of one user in one sync; none where the cohort does not have them. Reads snapshots chunk by chunk. */
export async function traceUser(
  record: SyncRecord,
  externalId: string,
  store: CohortStore,
): Promise<Membership[]> {
  const isTheirs = isKeyOf(externalId);
  const { known, waiting, applying, unknown } = record.state;
  const keysIn = async (snapshot: Snapshot<number> | undefined) => {
    const found = new Set<string>();
    if (snapshot === undefined) return found;
    const run = new RunStore(store).read({ kind: 'run', run: snapshot.run });
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
    return { sync, cohort, name: cohortName(record).name, as: kind, ...where, why };
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
    return 'Mixpanel lists this distinct id, and by the matching rule it is no user of Braze; see COHORT_MATCH.';
  if (refused) return 'Braze did not accept the last change of this user; it is sent again.';
  if (inMixpanel && inBraze) return 'Mixpanel has the user in the cohort, and Braze accepted that.';
  const next = held
    ? 'the newest list is held by the safety stop until it is confirmed'
    : sending
      ? 'the newest list is being sent'
      : 'the newest list is sent with the next run';
  return inMixpanel
    ? `Mixpanel has the user in the cohort, Braze has not confirmed it: ${next}.`
    : `Mixpanel no longer has the user in the cohort, Braze still has: ${next}.`;
}
