import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { once } from './difference.ts';
import { mergeRuns, type RunStorage } from './external-sort.ts';
import { type Member, memberKey, memberOfKey } from './member.ts';
import { keysOfRun, RunCursor, RunWriter, runOfKeys } from './run.ts';
import { compareUtf8, sortKeys } from './utf8-order.ts';

const text = fc.string({ unit: 'binary', minLength: 0, maxLength: 12 });
const member: fc.Arbitrary<Member> = fc.oneof(
  fc.record({ kind: fc.constant('external_id' as const), id: text }),
  fc.record({ kind: fc.constant('device_id' as const), id: text }),
  fc.record({ kind: fc.constant('alias' as const), name: text, label: text }),
  fc.record({ kind: fc.constant('unmatched' as const), distinctId: text }),
  fc.record({
    kind: fc.constant('unmatched' as const),
    distinctId: text,
    refused: fc.constant(true as const),
  }),
);

/** The expected order: that of the encoded bytes. */
function byEncodedBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

describe('the key of a member', () => {
  it('identifies one member, and is parsed back to it', () => {
    fc.assert(
      fc.property(member, member, (a, b) => {
        expect(memberOfKey(memberKey(a))).toEqual(a);
        expect(memberKey(a) === memberKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('is rejected if no member has it', () => {
    for (const key of ['', 'x1', 'a', 'anonsense']) expect(() => memberOfKey(key)).toThrow(/No member/);
  });
});

describe('the order of keys', () => {
  it('is the order of their UTF-8 bytes, unlike that of JavaScript', () => {
    expect(compareUtf8('\u{1F600}', '\uFF21')).toBeGreaterThan(0);
    expect('\u{1F600}' < '\uFF21').toBe(true);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), keys => {
        const sorted = sortKeys([...keys]);
        expect(sorted).toEqual([...new Set(keys)].sort(byEncodedBytes));
      }),
    );
  });
});

/** Splits keys into several chunks with arbitrary boundaries. */
async function* inChunks(keys: readonly string[], size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < keys.length; start += size)
    yield runOfKeys(keys.slice(start, start + size)).chunk;
}

describe('a run', () => {
  it('yields the keys that were written, wherever its chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 300 })),
        fc.integer({ min: 1, max: 5 }),
        async (keys, size) => {
          const sorted = sortKeys([...keys]);
          expect(await Array.fromAsync(keysOfRun(inChunks(sorted, size)))).toEqual(sorted);
        },
      ),
    );
  });

  it('yields keys longer than 127 bytes, ASCII and others in one run', async () => {
    const keys = sortKeys([
      'a'.repeat(127),
      'b'.repeat(128),
      'c'.repeat(300),
      'd'.repeat(16_500),
      'ü'.repeat(200),
    ]);
    for (const some of [keys, keys.filter(key => !key.includes('ü'))])
      expect(await Array.fromAsync(keysOfRun(once(runOfKeys(some).chunk)))).toEqual(some);
  });

  it('is rejected when keys repeat or descend, also across the boundary of a chunk', () => {
    expect(() => runOfKeys(['eb', 'ea'])).toThrow(/ascending/);
    expect(() => runOfKeys(['ea', 'ea'])).toThrow(/ascending/);
    const writer = new RunWriter();
    const bytes = new TextEncoder().encode('eb');
    writer.push(bytes, 0, 2);
    writer.takeRest();
    expect(() => writer.push(bytes, 0, 2)).toThrow(/ascending/);
  });

  it('throws an error if it is damaged', async () => {
    const { chunk } = runOfKeys(['e1', 'e2']);
    const cursor = new RunCursor(once(chunk.subarray(0, chunk.length - 1)));
    await cursor.load();
    expect(() => cursor.next()).toThrow(/damaged/);
  });

  it('counts the matched and the unmatched members', () => {
    const counts = { matched: 2, unmatched: 2, refusedIds: 1 };
    expect(runOfKeys(['d1', 'e1', 'rnull', 'u1']).counts).toEqual(counts);
  });
});

describe('merging runs', () => {
  /** Runs in memory, and how many are stored. */
  function memory(): RunStorage<string> & { runs: Map<string, Uint8Array[]> } {
    const runs = new Map<string, Uint8Array[]>();
    let made = 0;
    return {
      runs,
      read: async function* (run) {
        yield* runs.get(run)!;
      },
      async write(chunks) {
        const name = `merged ${made++}`;
        runs.set(name, await Array.fromAsync(chunks));
        return name;
      },
      async discard(run) {
        runs.delete(run);
      },
    };
  }

  it('writes one run of all keys, each once, in as many passes as the fan-in needs, and leaves no intermediate run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 20 }), { maxLength: 12 }),
        fc.integer({ min: 2, max: 4 }),
        async (pages, fanIn) => {
          const storage = memory();
          const names = pages.map((page, index) => {
            storage.runs.set(`page ${index}`, [runOfKeys(sortKeys([...page])).chunk]);
            return `page ${index}`;
          });
          const merged = await mergeRuns(names, storage, fanIn);
          const expected = sortKeys(pages.flat());
          expect(await Array.fromAsync(keysOfRun(storage.read(merged.run)))).toEqual(expected);
          expect(merged.counts.matched + merged.counts.unmatched).toBe(expected.length);
          expect(storage.runs.size).toBe(names.length + 1);
        },
      ),
    );
  });
});
