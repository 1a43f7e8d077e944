import type { MemberChange } from '../cohorts/difference.ts';
import { memberOfKey } from '../cohorts/member.ts';
import type { CohortAlias, CohortChangeElement } from './cohort-import.ts';
import { cohortImportLimits, usersTrackLimits } from './limits.ts';
import type { TrackAttributes } from './users-track.ts';

/**
 * Cuts changes into groups that fit one request each, in order. A key stands in a group once, with its latest change:
 * what Braze does with an id that one request both adds and removes is undefined.
 */
export function* packChanges(
  changes: Iterable<MemberChange>,
  limit: number = cohortImportLimits.idsPerRequest,
): Generator<MemberChange[]> {
  const group = new Map<string, MemberChange>();
  for (const change of changes) {
    if (group.size >= limit && !group.has(change.key)) {
      yield [...group.values()];
      group.clear();
    }
    group.set(change.key, change);
  }
  if (group.size > 0) yield [...group.values()];
}

/** `cohort_changes` of one group: at most one adding and one removing element, each with the kinds it needs only. */
export function cohortChanges(group: readonly MemberChange[]): CohortChangeElement[] {
  const elements: CohortChangeElement[] = [];
  for (const remove of [false, true]) {
    const userIds: string[] = [];
    const deviceIds: string[] = [];
    const aliases: CohortAlias[] = [];
    for (const change of group) {
      if (change.remove !== remove) continue;
      const member = memberOfKey(change.key);
      if (member.kind === 'external_id') userIds.push(member.id);
      else if (member.kind === 'device_id') deviceIds.push(member.id);
      else if (member.kind === 'alias') aliases.push({ alias_name: member.name, alias_label: member.label });
    }
    const element: CohortChangeElement = {
      ...(userIds.length > 0 && { user_ids: userIds }),
      ...(deviceIds.length > 0 && { device_ids: deviceIds }),
      ...(aliases.length > 0 && { aliases }),
    };
    if (Object.keys(element).length > 0) elements.push({ ...element, should_remove: remove });
  }
  return elements;
}

/**
 * `attributes` of one group for `/users/track`: one object a change, in the group's order, so that `errors[].index` is an
 * index of the group. `_update_existing_only` keeps Braze from creating users. Throws on device ids, which that
 * endpoint can't address.
 */
export function trackAttributes(group: readonly MemberChange[], attribute: string): TrackAttributes[] {
  if (group.length > usersTrackLimits.objectsPerRequest)
    throw new Error(
      `/users/track takes ${usersTrackLimits.objectsPerRequest} objects a request, not ${group.length}`,
    );
  return group.map(change => {
    const member = memberOfKey(change.key);
    const value = { _update_existing_only: true, [attribute]: !change.remove };
    if (member.kind === 'external_id') return { external_id: member.id, ...value };
    if (member.kind === 'alias')
      return { user_alias: { alias_name: member.name, alias_label: member.label }, ...value };
    throw new Error(`/users/track can't address a member of kind ${member.kind}`);
  });
}

/**
 * The boolean attribute that stands for a cohort in `/users/track`: named after the cohort's id, not after its name, so
 * that renaming a cohort in Mixpanel leaves the Braze segments built on the attribute intact, and two cohorts
 * of one name stay apart.
 *
 * No two ids share an attribute: whatever is not an ASCII letter, a digit or a hyphen becomes an underscore and the four hex digits of its
 * UTF-16 unit. Mixpanel's ids are digits, which stay as they are.
 */
export function cohortAttribute(cohortId: string): string {
  const escaped = cohortId.replace(
    /[^A-Za-z0-9-]/g,
    unit => `_${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `mixpanel_cohort_${escaped}`;
}
