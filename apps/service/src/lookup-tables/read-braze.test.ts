import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotRead, type ReadAnalytics } from '../vendor-http/braze-analytics.ts';
import { type Entry, keyOf } from './entry.ts';
import { type Progress, readBraze } from './read-braze.ts';

interface World {
  campaigns: number;
  canvases: number;
}

/** A Braze with campaigns and Canvases, whose requests fail where `fails` says so. */
function braze({ campaigns, canvases }: World, fails: (request: number) => Error | undefined): ReadAnalytics {
  let requests = 0;
  const listOf = (count: number, page: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${index}`,
      name: `Name ${index}`,
      tags: ['a'],
    })).slice(page * 100, (page + 1) * 100);
  return async (path, { page }, schema) => {
    const failure = fails(requests++);
    if (failure !== undefined) throw failure;
    const answer = {
      '/campaigns/list': { campaigns: listOf(campaigns, Number(page)) },
      '/canvas/list': { canvases: listOf(canvases, Number(page)) },
      '/campaigns/details': { channels: ['email'], messages: { v: { channel: 'email', name: 'A' } } },
      '/canvas/details': { channels: [], steps: [{ id: 's', name: 'Step' }] },
    }[path as '/canvas/list'];
    return schema.parse(answer);
  };
}

/** One run: entries that it stored, waits, and the error that ended it. */
async function run(read: ReadAnalytics, stored: Map<string, Entry>) {
  const progress: Progress[] = [];
  let waits = 0;
  let error: unknown;
  try {
    const steps = readBraze({
      ...{ read, entries: new Map(stored), now: () => 1_000 },
      store: async entries => {
        for (const entry of entries) stored.set(keyOf(entry), entry);
      },
      onProgress: each => progress.push(each),
    });
    for await (const _ of steps) waits += 1;
  } catch (thrown) {
    error = thrown;
  }
  return { progress: progress.at(-1), waits, error };
}

const world = fc.record({
  campaigns: fc.integer({ min: 0, max: 210 }),
  canvases: fc.integer({ min: 0, max: 30 }),
});
const never = () => undefined;

it('a read that ends early any number of times reads the same as one that does not, and each detail once', async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 4 }),
      async (given, ends) => {
        const whole = new Map<string, Entry>();
        await run(braze(given, never), whole);
        const stored = new Map<string, Entry>();
        let read = 0;
        for (const end of ends) {
          const { error, progress } = await run(
            braze(given, request => (request === end ? new NotRead('It failed.') : undefined)),
            stored,
          );
          read += progress?.read ?? 0;
          expect(stored.size).toBe(read);
          if (error === undefined) expect(stored.size).toBe(given.campaigns + given.canvases);
        }
        const last = await run(braze(given, never), stored);
        expect(last.progress?.due).toBe(given.campaigns + given.canvases - read);
        expect(new Map([...stored].sort())).toEqual(new Map([...whole].sort()));
      },
    ),
    { numRuns: 50 },
  );
});

it('a read waits for each limit and sends the same request again', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.infiniteStream(fc.boolean()), async (given, throttled) => {
      const limits = throttled[Symbol.iterator]();
      let refused = 0;
      const limit = () => {
        if (!limits.next().value) return undefined;
        refused += 1;
        return new NotRead('It is used up.', { retryAt: 2_000 });
      };
      const stored = new Map<string, Entry>();
      const { waits, error } = await run(braze(given, limit), stored);
      expect({ waits, error, size: stored.size }).toEqual({
        ...{ waits: refused, error: undefined, size: given.campaigns + given.canvases },
      });
    }),
    { numRuns: 30 },
  );
});

it('a workspace of more than 20,000 campaigns and Canvases is not read', async () => {
  const { error } = await run(braze({ campaigns: 20_001, canvases: 0 }, never), new Map());
  expect(error).toEqual(
    new NotRead('Braze has more than 20,000 campaigns and Canvases, too many for lookup tables.'),
  );
});
