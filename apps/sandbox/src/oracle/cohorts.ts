import { call } from '../control.ts';
import { sandboxKeys } from '../wiring.ts';
import type { OracleWorld } from './events.ts';

/** The fields of the service's sync report that the oracle uses. */
export interface SyncFacts {
  readonly cohort: string;
  readonly mode: string;
  /** Source of the members: `webhook` (Mixpanel pushes them) or `query` (the service queries them). */
  readonly source: string;
  readonly sink: string;
  readonly running: boolean;
  readonly attribute: string | null;
  readonly lastSuccess: string | null;
  readonly nextRun: string | null;
  readonly problem: { readonly message: string } | null;
}

export interface MemberVerdict {
  readonly member: string;
  readonly inMixpanel: boolean;
  readonly inBraze: boolean;
  /** Whether this is correct, now or until the next sync. */
  readonly right: boolean;
  readonly why: string;
}

export interface CohortVerdict extends Pick<SyncFacts, 'cohort' | 'mode' | 'sink'> {
  /** Whether each member is where it should be; `null` if that is not known. */
  readonly right: boolean | null;
  /** Why it is not known; `null` if it is. */
  readonly why: string | null;
  /** Empty if they cannot be compared. */
  readonly members: readonly MemberVerdict[];
}

/** The members of all synced cohorts, on either side. */
export async function judgeCohorts({ braze, mixpanel, service }: OracleWorld): Promise<CohortVerdict[]> {
  const { cohorts } = await call<{ cohorts: SyncFacts[] }>('GET', `${service}/api/cohorts`, undefined, {
    token: sandboxKeys.adminToken,
  });
  const knows = (external_id: string) => braze.model.users.find({ external_id }) !== undefined;
  return cohorts.map(sync => {
    const { cohort, mode, sink } = sync;
    const source = mixpanelMembers(mixpanel, Number(cohort));
    if (source === undefined)
      return { cohort, mode, sink, right: null, why: notInMixpanel(cohort), members: [] };
    const target = brazeMembers(braze, sync);
    const members = [...source.union(target)].map(member =>
      judgeMember(member, sync, { source, target, known: knows(member) }),
    );
    return { cohort, mode, sink, right: members.every(({ right }) => right), why: null, members };
  });
}

const notInMixpanel = (cohort: string) =>
  `Mixpanel has no cohort ${cohort}, so there is nothing to compare its members in Braze with. If it was deleted there, delete its sync: cohorts delete ${cohort}`;

/** The members by Braze's external ID: that of the profile, or else the distinct ID. */
function mixpanelMembers(mixpanel: OracleWorld['mixpanel'], id: number): Set<string> | undefined {
  const { cohorts } = mixpanel.model;
  const cohort = cohorts.get(id);
  if (cohort === undefined) return undefined;
  const { distinctIds, profiles } = cohorts.users(cohort);
  return new Set(
    distinctIds.map((distinctId, index) => String(profiles[index]?.$braze_external_id ?? distinctId)),
  );
}

function brazeMembers({ model }: OracleWorld['braze'], { cohort, attribute }: SyncFacts): Set<string> {
  if (attribute === null) {
    const imported = model.cohorts.get(cohort);
    return new Set(imported === undefined ? [] : model.cohorts.externalIds(imported));
  }
  const members = new Set<string>();
  for (const { external_id, attributes } of model.users.list())
    if (external_id !== undefined && attributes[attribute] === true) members.add(external_id);
  return members;
}

export function judgeMember(
  member: string,
  { mode, source, lastSuccess, nextRun, running, problem }: SyncFacts,
  sides: {
    readonly source: ReadonlySet<string>;
    readonly target: ReadonlySet<string>;
    readonly known: boolean;
  },
): MemberVerdict {
  const inMixpanel = sides.source.has(member);
  const inBraze = sides.target.has(member);
  const verdict = (right: boolean, why: string) => ({ member, inMixpanel, inBraze, right, why });
  if (inMixpanel && inBraze) return verdict(true, 'In the cohort on both sides.');
  if (!sides.known)
    return verdict(true, 'Braze has no user with this external id, and a cohort import creates none.');
  const moved = inMixpanel ? 'Joined in Mixpanel' : 'Left in Mixpanel';
  if (mode === 'one-time' && lastSuccess !== null)
    return verdict(true, `${moved} after the one sync of ${lastSuccess}.`);
  if (problem !== null) return verdict(false, `${moved}, and the last sync failed: ${problem.message}`);
  if (running) return verdict(true, `${moved}; a sync is running.`);
  // For a webhook's cohort, the service only schedules a repetition of what it knows; new changes come from
  // Mixpanel.
  const next =
    source === 'webhook' || nextRun === null
      ? 'Mixpanel sends the change with its next sync'
      : `the next sync is due at ${nextRun}`;
  const since = lastSuccess === null ? 'before the first sync' : `since the sync of ${lastSuccess}`;
  return verdict(true, `${moved} ${since}; ${next}.`);
}
