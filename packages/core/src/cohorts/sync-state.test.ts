import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packChanges } from '../braze/pack-changes.ts';
import { difference, once } from './difference.ts';
import { keysOfRun, runOfKeys } from './run.ts';
import { shrinksTooMuch } from './safety-stop.ts';
import type { Snapshot } from './snapshot.ts';
import {
  acceptedMembers,
  begin,
  confirmTarget,
  finish,
  initialState,
  markUnknown,
  newestTarget,
  offerTarget,
  progress,
  runsOf,
  type SyncState,
} from './sync-state.ts';
import { sortKeys } from './utf8-order.ts';

/** Outcome of one request to Braze. */
type Fate = 'accepted' | 'accepted, answer lost' | 'lost' | 'refused';
type Step =
  | { do: 'offer'; members: string[] }
  | { do: 'confirm' }
  | { do: 'run'; fates: Fate[]; resend: boolean; crashBeforeSaving: boolean };

const member = fc.integer({ min: 0, max: 11 }).map(n => `e${n}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('offer' as const), members: fc.array(member).map(sortKeys) }),
  fc.record({ do: fc.constant('confirm' as const) }),
  fc.record({
    do: fc.constant('run' as const),
    fates: fc.array(fc.constantFrom<Fate>('accepted', 'accepted, answer lost', 'lost', 'refused'), {
      maxLength: 6,
    }),
    resend: fc.boolean(),
    crashBeforeSaving: fc.boolean(),
  }),
);
const safety = { over: 4 };

/** Braze as a set of members, and a sync of which only the stored state survives a crash. */
class World {
  readonly braze = new Set<string>();
  readonly runs = new Map<number, Uint8Array>();
  stored: SyncState<number> = initialState();
  #made = 0;

  offer(members: string[]): void {
    const { chunk, counts } = runOfKeys(members);
    this.runs.set(++this.#made, chunk);
    const target: Snapshot<number> = { run: this.#made, members: counts.matched, unmatched: 0 };
    this.#store(offerTarget(this.stored, target));
  }

  confirm(): void {
    this.#store(confirmTarget(this.stored));
  }

  /** Sends two changes per request; the run ends at the first request without an answer. */
  async run(fates: Fate[], resend: boolean, crashBeforeSaving: boolean): Promise<void> {
    this.#store(begin(this.stored, { now: 0, resend, safety }));
    const { applying, known, unknown } = this.stored;
    if (!applying) return;
    const left = [...fates];
    let state = this.stored;
    const batches = difference(this.#read(known), this.#read(applying.target), {
      after: applying.cursor,
      resend: applying.resend,
      unknown,
    });
    for await (const batch of batches)
      for (const group of packChanges(batch, 2)) {
        const fate = left.shift() ?? 'accepted';
        if (fate === 'accepted' || fate === 'accepted, answer lost')
          for (const { key, remove } of group) remove ? this.braze.delete(key) : this.braze.add(key);
        if (fate === 'lost' || fate === 'accepted, answer lost') return;
        const refused = fate === 'refused' ? group.map(change => change.key) : [];
        state = progress(state, group.at(-1)!.key, sortKeys([...state.applying!.refused, ...refused]));
        if (!crashBeforeSaving) this.#store(state);
      }
    if (!crashBeforeSaving) this.#store(finish(state));
  }

  members(snapshot: Snapshot<number> | undefined): Promise<string[]> {
    return Array.fromAsync(keysOfRun(this.#read(snapshot)));
  }

  #read(snapshot: Snapshot<number> | undefined): AsyncIterable<Uint8Array> {
    return once(snapshot ? this.runs.get(snapshot.run)! : new Uint8Array());
  }

  /** Deletes runs that no stored state refers to at once, so that reading one fails the test. */
  #store(state: SyncState<number>): void {
    this.stored = state;
    const kept = runsOf(state);
    for (const run of this.runs.keys()) if (!kept.has(run)) this.runs.delete(run);
  }
}

describe('a cohort sync', () => {
  it('ends with Braze equal to Mixpanel after any sequence of targets, crashes and partial answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
        const world = new World();
        for (const s of steps) {
          if (s.do === 'offer') world.offer(s.members);
          else if (s.do === 'confirm') world.confirm();
          else await world.run(s.fates, s.resend, s.crashBeforeSaving);
        }
        const newest = await world.members(newestTarget(world.stored));
        await world.run([], false, false); // finishes the interrupted target
        world.confirm();
        await world.run([], false, false); // applies the waiting target
        await world.run([], true, false); // sends the rejected changes again
        expect(sortKeys([...world.braze])).toEqual(newest);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finishes an interrupted target before a newer one is compared', async () => {
    const world = new World();
    world.offer(['ea']);
    await world.run([], false, false);
    world.offer(['ea', 'eb']);
    await world.run(['accepted, answer lost'], false, false);
    expect(world.braze).toEqual(new Set(['ea', 'eb']));
    world.offer(['ea']);
    await world.run([], false, false);
    await world.run([], false, false);
    expect(world.braze).toEqual(new Set(['ea']));
  });

  it('removes no member while its target is held, and continues with the next one that is not', async () => {
    const world = new World();
    world.offer(['e1', 'e2', 'e3', 'e4', 'e5']);
    await world.run([], false, false);
    world.offer(['e1', 'e2']);
    await world.run([], false, false);
    expect(world.stored.waiting?.held).toBe(true);
    expect(world.braze.size).toBe(5);
    world.offer(['e1', 'e2', 'e3']);
    await world.run([], false, false);
    expect(world.braze).toEqual(new Set(['e1', 'e2', 'e3']));
  });
});

describe('changes that Braze did not accept', () => {
  const target: Snapshot<number> = { run: 1, members: 3, unmatched: 0 };
  const finished = finish(
    progress(begin(offerTarget(initialState<number>(), target), { now: 0, resend: false }), 'ec', ['eb'], 1),
  );

  it('do not count as members, and are sent again on request', () => {
    expect(acceptedMembers(finished)).toBe(2);
    expect(begin(finished, { now: 1, resend: false })).toBe(finished);
    const again = begin(finished, { now: 1, resend: false, again: true });
    expect(again.applying).toMatchObject({ target, resend: false, refused: [] });
    expect(acceptedMembers(finish(progress(again, 'eb', [])))).toBe(3);
  });

  it('include those that Braze does not have when read back, each counted once', () => {
    const doubted = markUnknown(finished, [
      { key: 'ea', remove: false },
      { key: 'eb', remove: false },
      { key: 'ed', remove: true },
    ]);
    expect(doubted.unknown).toEqual(['ea', 'eb', 'ed']);
    expect(acceptedMembers(doubted)).toBe(1);
  });
});

describe('the safety stop', () => {
  it('holds a target that empties or more than halves a cohort of over 1,000 members, and no other', () => {
    expect(shrinksTooMuch(1_001, 0)).toBe(true);
    expect(shrinksTooMuch(1_001, 500)).toBe(true);
    expect(shrinksTooMuch(1_002, 501)).toBe(false);
    expect(shrinksTooMuch(1_000, 0)).toBe(false);
    expect(shrinksTooMuch(0, 0)).toBe(false);
  });
});
