import type { CohortRules, RuleSurroundings } from '../cohorts/cohort-rules.ts';

/** What has data of users. */
interface Stores extends RuleSurroundings {
  readonly rules: CohortRules;
}

/**
 * Deletes users for good, by any of their merged distinct IDs: their events, profiles, memberships of cohorts and merges.
 * Profiles of groups stay.
 */
export async function deleteUsers(
  distinctIds: readonly string[],
  { events, profiles, identities, cohorts, rules }: Stores,
): Promise<void> {
  const users = new Set(distinctIds.map(id => identities.canonical(id)));
  const isGone = (id: string) => users.has(identities.canonical(id));
  // A reset meanwhile has deleted everything, and what came after it stays.
  if (!(await events.remove(({ properties }) => isGone(String(properties.distinct_id))))) return;
  for (const user of users) profiles.change(user, { $delete: true });
  cohorts.forget(isGone);
  identities.forget(users);
  await rules.rebuild();
}
