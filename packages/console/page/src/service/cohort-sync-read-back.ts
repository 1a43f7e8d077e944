/** What is known of the members that were read back from Braze, in words. */
import { count, counted } from '../parts/format.ts';
import type { MemberPage, MemberState, ReadBack, Run } from './cohort-sync-run.ts';
import type { CohortSync } from './status.ts';

/** The sum of all samples of what a run sent; `undefined` where none was read back. */
export function readBackOf(run: Run, runs: readonly Run[]): ReadBack | undefined {
  const later = runs.filter(({ id }) => id > run.id).sort((a, b) => a.id - b.id);
  // A sample is of the newest run that stored a ledger.
  const next = later.findIndex(({ states }) => states !== null);
  let all: ReadBack | undefined;
  for (const { trigger, confirmed, readBack, unknown } of later.slice(0, next === -1 ? undefined : next)) {
    if (trigger !== 'read-back' || confirmed === null || readBack === null || unknown === null) continue;
    const before = all ?? { confirmed: 0, users: 0, unknown: 0 };
    all = {
      confirmed: before.confirmed + confirmed,
      users: before.users + readBack,
      unknown: before.unknown + unknown,
    };
  }
  return all;
}

/** Why a list of the members in a state is empty. States that only a sample finds are not known without one. */
export function noMembers(state: MemberState, { readBack, readBackWhy }: MemberPage): string {
  if (state !== 'unknown' && state !== 'contradicted') return 'No members are in this state.';
  if (readBack === null) return `Not known: ${readBackWhy ?? 'nothing was read back'}.`;
  return readBack[state] > 0
    ? `Not listed: a newer list of Mixpanel had arrived when ${count(readBack[state])} of them were read back.`
    : `None of the ${counted(readBack.sampled, 'member')} that were read back.`;
}

/** Members found in Braze, of the newest sample of a sync. */
export function confirmedOf({
  confirmedMembers,
  confirmedOf: users,
  unknownMembers: unknown,
  confirmedWhy,
}: Pick<CohortSync, 'confirmedMembers' | 'confirmedOf' | 'unknownMembers' | 'confirmedWhy'>): string {
  if (confirmedMembers === null && unknown === null)
    return `not known: ${confirmedWhy ?? 'not read back yet'}`;
  const known = `${count(confirmedMembers ?? 0)} of ${count((users ?? 0) + (unknown ?? 0))} in the newest sample`;
  if (unknown === null || unknown === 0) return known;
  return `${known}; ${count(unknown)} ${unknown === 1 ? 'is no user' : 'are no users'} of Braze`;
}
