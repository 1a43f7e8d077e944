import type { MemberChange } from '../cohorts/difference.ts';
import { memberOfKey } from '../cohorts/member.ts';
import type { CohortAlias, CohortChangeElement } from './cohort-import.ts';
import { cohortImportLimits, usersTrackLimits } from './limits.ts';
import type { TrackAttributes } from './users-track.ts';

/**
 * Groups of changes that fit one request each, in order. A key is in a group once, with its latest change:
 * Braze does not document what happens to an ID that one request both adds and removes.
 *
 * @param limit changes per group; 1,000 by default (`cohortImportLimits.idsPerRequest`)
 * @example
 * ```ts
 * import { packChanges } from '@braze-mixpanel/core/braze';
 *
 * const changes = ['eada', 'ebob', 'ecy'].map(key => ({ key, remove: false }));
 * console.log([...packChanges(changes, 2)].map(group => group.length).join()); // 2,1
 * ```
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

/**
 * `cohort_changes` of one group: at most one element that adds and one that removes, each with only the kinds
 * of identifiers it needs.
 *
 * @throws Error on a text that is not a member's key.
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 * @example
 * ```ts
 * import { cohortChanges } from '@braze-mixpanel/core/braze';
 *
 * console.log(JSON.stringify(cohortChanges([{ key: 'eada', remove: false }]))); // [{"user_ids":["ada"],"should_remove":false}]
 * ```
 */
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
 * `attributes` of one group for `/users/track`: one object per change, in the group's order, so that
 * `errors[].index` is an index of the group. `_update_existing_only` prevents Braze from creating users.
 *
 * @param attribute name of the boolean attribute, see {@link cohortAttribute}
 * @throws Error on more than 75 changes, and on device IDs, which the endpoint does not accept.
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 * @example
 * ```ts
 * import { trackAttributes } from '@braze-mixpanel/core/braze';
 *
 * const [ada] = trackAttributes([{ key: 'eada', remove: false }], 'mixpanel_cohort_1234');
 * console.log(ada?.external_id, ada?.mixpanel_cohort_1234); // ada true
 * ```
 */
export function trackAttributes(group: readonly MemberChange[], attribute: string): TrackAttributes[] {
  if (group.length > usersTrackLimits.objectsPerRequest)
    throw new Error(
      `/users/track accepts ${usersTrackLimits.objectsPerRequest} objects per request, not ${group.length}`,
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
 * Name of the boolean attribute that represents a cohort in `/users/track`. It contains the cohort's ID, not
 * its name: Braze segments that use the attribute keep working when the cohort is renamed, and cohorts of the
 * same name stay distinct.
 *
 * Different IDs give different attributes: a character other than an ASCII letter, a digit or a hyphen
 * becomes an underscore and the four hex digits of its UTF-16 code unit. Mixpanel's IDs consist of digits,
 * which do not change.
 *
 * @example
 * ```ts
 * import { cohortAttribute } from '@braze-mixpanel/core/braze';
 *
 * console.log(cohortAttribute('1234')); // mixpanel_cohort_1234
 * ```
 */
export function cohortAttribute(cohortId: string): string {
  const escaped = cohortId.replace(
    /[^A-Za-z0-9-]/g,
    unit => `_${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `mixpanel_cohort_${escaped}`;
}
