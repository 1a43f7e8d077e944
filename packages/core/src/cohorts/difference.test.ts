import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta } from './combine.ts';
import { type DifferenceOptions, difference } from './difference.ts';
import { keysOfRun, RunWriter, runOfKeys } from './run.ts';
import { compareUtf8, sortKeys } from './utf8-order.ts';

const key = fc
  .tuple(fc.constantFrom('e', 'd', 'u'), fc.string({ unit: 'binary', maxLength: 2 }))
  .map(([kind, id]) => kind + id);
const keys = fc.array(key, { maxLength: 40 }).map(sortKeys);

async function* inChunks(sorted: readonly string[], size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < sorted.length; start += size)
    yield runOfKeys(sorted.slice(start, start + size)).chunk;
}

async function changes(known: string[], target: string[], options?: DifferenceOptions, size = 3) {
  const batches = difference(inChunks(known, size), inChunks(target, size), options);
  return (await Array.fromAsync(batches)).flat();
}

describe('the difference', () => {
  it('has only additions and removals, in order', async () => {
    expect(await changes(['ea', 'eb'], ['eb', 'ec'])).toEqual([
      { key: 'ea', remove: true },
      { key: 'ec', remove: false },
    ]);
  });

  it('turns the members in Braze into the target, for any two cohorts and any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, keys, fc.boolean(), fc.integer({ min: 1, max: 9 }), async (...drawn) => {
        const [known, target, unknown, resend, size] = drawn;
        const braze = new Set(known.filter(isMatched));
        for (const k of unknown.filter(isMatched)) if (!braze.delete(k)) braze.add(k);
        const made = await changes(known, target, { unknown, resend }, size);
        for (const change of made) change.remove ? braze.delete(change.key) : braze.add(change.key);
        expect(sortKeys([...braze])).toEqual(target.filter(isMatched));
        expect(made.map(change => change.key)).toEqual(sortKeys(made.map(change => change.key)));
      }),
    );
  });

  it('passes over what both have, also long keys and wherever the chunks of either end', async () => {
    const long = fc
      .tuple(fc.constantFrom('ea', 'eb', 'ü', 'u'), fc.constantFrom(0, 1, 124, 126, 127, 300))
      .map(([begin, length]) => begin.padEnd(length, 'x'));
    const several = fc.array(long, { maxLength: 30 }).map(sortKeys);
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
    await fc.assert(
      fc.asyncProperty(several, several, sizes, async (shared, others, [ofKnown, ofTarget]) => {
        const known = sortKeys([...shared, ...others.filter((_, index) => index % 2 === 0)]);
        const target = sortKeys([...shared, ...others.filter((_, index) => index % 2 === 1)]);
        const batches = difference(inChunks(known, ofKnown), inChunks(target, ofTarget));
        const made = (await Array.fromAsync(batches)).flat();
        const differs = sortKeys([...known, ...target]).filter(
          key => isMatched(key) && known.includes(key) !== target.includes(key),
        );
        expect(made).toEqual(differs.map(key => ({ key, remove: known.includes(key) })));
      }),
    );
  });

  it('resumes after the cursor with exactly the changes that are left', async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, key, fc.boolean(), async (known, target, after, resend) => {
        const whole = await changes(known, target, { resend });
        const rest = await changes(known, target, { resend, after });
        expect(rest).toEqual(whole.filter(change => compareUtf8(change.key, after) > 0));
      }),
    );
  });

  it('has every member that can be sent, in a full send', async () => {
    expect(await changes(['ea', 'uq'], ['ea', 'uq'], { resend: true })).toEqual([
      { key: 'ea', remove: false },
    ]);
  });
});

describe('a delta', () => {
  it('adds to a cohort first, then removes', async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, keys, async (base, added, removed) => {
        const run = applyDelta(inChunks(base, 2), inChunks(added, 3), inChunks(removed, 4), new RunWriter());
        const expected = new Set([...base, ...added]).difference(new Set(removed));
        expect(await Array.fromAsync(keysOfRun(run))).toEqual(sortKeys([...expected]));
      }),
    );
  });
});

function isMatched(k: string): boolean {
  return !k.startsWith('u');
}
