import { describe, expect, it } from 'vitest';
import { confirmedOf, noMembers, readBackOf } from '../page/src/service/cohort-sync-read-back.ts';
import { type MemberPage, membersIn, type Run } from '../page/src/service/cohort-sync-run.ts';

const states = {
  ...{ accepted: 9, unmatched: 0, refused: 0, unproven: 0, waiting: 0, removed: 0, leaving: 0 },
};
const run = (id: number, more: Partial<Run> = {}): Run => ({
  ...{ id, trigger: 'webhook', startedAt: '', finishedAt: '', outcome: 'completed', states, problem: null },
  ...{ added: 0, removed: 0, refused: 0, readBack: null, confirmed: null, unknown: null },
  ...more,
});
const read = (id: number, confirmed: number, readBack: number, unknown: number | null) =>
  run(id, { trigger: 'read-back', states: null, confirmed, readBack, unknown });

describe('the members of a run that were read back', () => {
  const runs = [
    read(6, 1, 1, 7),
    run(5),
    run(4, { states: null }),
    read(3, 2, 3, 0),
    read(2, 40, 45, 5),
    run(1),
  ];

  it('are those of all samples between its ledger and the next', () => {
    const readBack = readBackOf(run(1), runs);
    expect(readBack).toEqual({ confirmed: 42, users: 48, unknown: 5 });
    expect(membersIn('unknown', run(1), readBack)).toBe('5 of 53 read back');
    expect(membersIn('contradicted', run(1), readBack)).toBe('6 of 53 read back');
    expect(readBackOf(run(5), runs)).toEqual({ confirmed: 1, users: 1, unknown: 7 });
  });

  it('are not known without a sample, or with those of an earlier release alone', () => {
    for (const none of [[run(1)], [run(2), run(1)], [read(2, 1, 1, null), run(1)]])
      expect(membersIn('unknown', run(1), readBackOf(run(1), none))).toBeUndefined();
  });
});

describe('an empty list of the members in a state', () => {
  const page = (more: Partial<MemberPage> = {}): MemberPage => ({
    ...{ run: 1, members: [], next: null, readBack: null, readBackWhy: 'a sample is read back later' },
    ...{ unknownIn: null, ...more },
  });
  const readBack = { at: '', sampled: 50, confirmed: 48, contradicted: 0, unknown: 2 };

  it.each(['unknown', 'contradicted'] as const)('says why it is not known who is %s', state => {
    expect(noMembers(state, page())).toBe('Not known: a sample is read back later.');
  });

  it('says how many were read back, where none of them is in the state', () => {
    expect(noMembers('contradicted', page({ readBack, readBackWhy: null }))).toBe(
      'None of the 50 members that were read back.',
    );
  });

  it('says that members who were found are not listed', () => {
    expect(noMembers('unknown', page({ readBack, readBackWhy: null }))).toBe(
      'Not listed: a newer list of Mixpanel had arrived when 2 of them were read back.',
    );
  });

  it('is none in the states that every run has', () => {
    expect(noMembers('refused', page())).toBe('No members are in this state.');
  });
});

describe('the newest sample of a sync', () => {
  const sync = { confirmedMembers: 3, confirmedOf: 3, unknownMembers: 0, confirmedWhy: null };

  it.each([
    [sync, '3 of 3 in the newest sample'],
    [{ ...sync, unknownMembers: null }, '3 of 3 in the newest sample'],
    [
      { ...sync, confirmedMembers: 1, confirmedOf: 1, unknownMembers: 2 },
      '1 of 3 in the newest sample; 2 are no users of Braze',
    ],
    [
      { confirmedMembers: null, confirmedOf: null, unknownMembers: 1, confirmedWhy: 'none is a user' },
      '0 of 1 in the newest sample; 1 is no user of Braze',
    ],
    [
      { confirmedMembers: null, confirmedOf: null, unknownMembers: null, confirmedWhy: 'no permission' },
      'not known: no permission',
    ],
    [
      { confirmedMembers: null, confirmedOf: null, unknownMembers: null, confirmedWhy: null },
      'not known: not read back yet',
    ],
  ])('of %o is in words', (of, text) => expect(confirmedOf(of)).toBe(text));
});
