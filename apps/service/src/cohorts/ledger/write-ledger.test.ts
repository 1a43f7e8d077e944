import {
  isUnmatched,
  keysOfRun,
  memberKey,
  newestTarget,
  once,
  RunWriter,
  runOfKeys,
  type SyncState,
  snapshotOf,
  sortKeys,
  unionOf,
} from '@braze-mixpanel/core/cohorts';
import { type CohortStore, openStorage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunStore } from '../syncs/run-store.ts';
import { listMembers } from './list-members.ts';
import { RunNotes } from './notes.ts';
import { writeLedger } from './write-ledger.ts';

const sync = 'default:1';
const everyone = [
  ...['ada', 'bob', 'cy', 'dan'].map(id => memberKey({ kind: 'external_id', id })),
  memberKey({ kind: 'alias', label: 'l', name: 'eve' }),
  memberKey({ kind: 'device_id', id: 'phone' }),
  memberKey({ kind: 'unmatched', distinctId: '$device:1' }),
  memberKey({ kind: 'unmatched', distinctId: 'null', refused: true }),
];
const some = fc.subarray(everyone).map(keys => sortKeys([...keys]));
const matched = fc
  .subarray(everyone.filter(key => !isUnmatched(key.charCodeAt(0))))
  .map(keys => sortKeys([...keys]));
/** What a sync may know: a list that Braze has, one that is sent up to a key, and one that waits. */
const standing = fc.record({
  known: fc.option(some, { nil: undefined }),
  unknown: matched,
  applying: fc.option(
    fc.record({ target: some, cursor: fc.option(fc.constantFrom(...everyone)), refused: matched }),
    {
      nil: undefined,
    },
  ),
  waiting: fc.option(some, { nil: undefined }),
});
type Given = typeof standing extends fc.Arbitrary<infer Value> ? Value : never;

async function stateOf({ known, unknown, applying, waiting }: Given, store: CohortStore): Promise<SyncState> {
  const snapshot = async (keys: string[]) => {
    const writer = new RunWriter();
    const { run } = await new RunStore(store).write(unionOf([once(runOfKeys(keys).chunk)], writer));
    return snapshotOf(run, writer.counts);
  };
  return {
    known: known && (await snapshot(known)),
    unknown: known ? unknown : [],
    applying: applying && {
      target: await snapshot(applying.target),
      cursor: applying.cursor ?? undefined,
      resend: false,
      refused: applying.refused.filter(key => key <= (applying.cursor ?? '')),
    },
    waiting: waiting && { target: await snapshot(waiting), held: false, confirmed: false },
    sentInFullAt: undefined,
  };
}

/** What Braze has and what is open, by the rules of a target: settled up to its cursor, as before after it. */
function standingOf({ known = [], applying }: Given, state: SyncState) {
  const isSettled = (key: string) => key <= (applying?.cursor ?? '');
  const held = everyone.filter(key => (isSettled(key) ? applying!.target : known).includes(key));
  const open = everyone.filter(key =>
    isSettled(key) ? state.applying!.refused.includes(key) : state.unknown.includes(key),
  );
  return { held: new Set(held), settled: new Set(everyone.filter(isSettled)), open: new Set(open) };
}

it('every member of the newest list was accepted or is in exactly one state, whatever a run left behind', async () => {
  const storage = await openStorage('sqlite::memory:');
  const store = storage.cohorts;
  try {
    await fc.assert(
      fc.asyncProperty(
        standing,
        standing,
        fc.boolean(),
        matched,
        matched,
        async (former, present, isAssumed, answered, lost) => {
          const [before, after] = [await stateOf(former, store), await stateOf(present, store)];
          const notes = new RunNotes();
          const changes = answered.map(key => ({ key, remove: false }));
          const messages = new Map(answered.map(key => [key, `no ${key}`]));
          const group = { changes, unproven: [], problem: undefined, contradicted: false, requests: 1 };
          notes.add({ ...group, refused: answered, messages }, 1e12);
          const unanswered = { changes: lost.map(key => ({ key, remove: false })), requests: 1 };
          const mayApply = { code: 'braze_unreachable', detail: 'reset' } as const;
          notes.addUnanswered({ ...unanswered, mayApply }, 1e12);

          const ledger = await writeLedger({
            sync,
            store,
            before,
            after,
            isAssumed,
            notes,
            withoutId: 2,
            now: 2e12,
          });
          const newest = newestTarget(after);
          expect(ledger === undefined).toBe(newest === undefined);
          if (newest === undefined || ledger === undefined) return;
          await store.commit({ history: { sync, text: reportText, ledger: ledger.id } });
          const { members } = await listMembers(sync, { limit: 1_000 }, store);

          const list = new Set(await Array.fromAsync(keysOfRun(new RunStore(store).readSnapshot(newest))));
          const [was, is] = [standingOf(former, before), standingOf(present, after)];
          const expected = everyone.flatMap(key => {
            const wanted = list.has(key);
            if (isUnmatched(key.charCodeAt(0))) return wanted ? [`${key} unmatched`] : [];
            const isOnlyAssumed = isAssumed && !is.settled.has(key);
            if (is.open.has(key) || wanted !== is.held.has(key) || (wanted && isOnlyAssumed)) {
              const answer = answered.includes(key) ? 'refused' : 'waiting';
              return [`${key} ${lost.includes(key) ? 'unproven' : answer}${wanted ? '' : ', leaving'}`];
            }
            return !wanted && (was.held.has(key) || was.open.has(key)) ? [`${key} removed`] : [];
          });
          const keyOf = ({ kind, id, label, because }: (typeof members)[number]) => {
            if (kind === 'alias') return memberKey({ kind, label: label!, name: id });
            if (kind !== 'distinct_id') return memberKey({ kind, id });
            return memberKey({
              kind: 'unmatched',
              distinctId: id,
              ...(because === 'placeholder' && { refused: true }),
            });
          };
          const listed = members.map(member => {
            const leaving = member.leaving && member.state !== 'removed' ? ', leaving' : '';
            return `${keyOf(member)} ${member.state}${leaving}`;
          });
          expect(listed.toSorted()).toEqual(expected.toSorted());
          const { accepted, unmatched, refused, unproven, waiting, removed, leaving } = ledger.states;
          expect(accepted + unmatched + refused + unproven + waiting - leaving).toBe(list.size + 2);
          expect(unmatched + refused + unproven + waiting + removed).toBe(members.length + 2);
        },
      ),
      { numRuns: 300 },
    );
  } finally {
    await storage.close();
  }
}, 60_000);

const reportText = JSON.stringify({
  ...{ trigger: 'manual', startedAt: 0, finishedAt: 0, outcome: 'sent' },
  ...{ added: 0, removed: 0, refused: 0, requests: 0 },
});
