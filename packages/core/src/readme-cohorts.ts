import { difference, once, runOfKeys, sortKeys } from '@braze-mixpanel/core/cohorts';

/**
 * The changes that turn the members in Braze into those in Mixpanel, in batches. Keys start with the kind of
 * the ID.
 */
export async function example() {
  const run = (keys: string[]) => once(runOfKeys(sortKeys(keys)).chunk);
  const batches = difference(run(['eada', 'ebob']), run(['ebob', 'ecy']));
  return (await Array.fromAsync(batches)).flat();
}
