import fc from 'fast-check';
import { expect } from 'vitest';
import { fatalDeaths } from '../accounting.ts';
import type { BatchOutcome, ConnectionCounts, LeasedBatch, NewDeadLetter, Storage } from '../ports.ts';
import { batchOf, bytesOf, HOUR, type StorageHarness, textOf, wholeQueue } from './harness.ts';

/**
 * The contract as a few lines of memory, run beside a real storage by random commands; after each the counts are compared
 * and conservation is checked. Times are 0 or an hour, so that nothing waits: a lease of 0 ms has run out, a delay of an hour has not.
 */
interface Row {
  text: string;
  connection: string;
  events: number;
  attempts: number;
  delayed: boolean;
  owner: string | undefined;
  expired: boolean;
}

interface Counters {
  accepted: number;
  imported: number;
  skipped: number;
  dead: number;
}

interface Model {
  rows: Row[];
  /** What each row's id is, once a lease told. */
  ids: Map<string, number>;
  counters: Map<string, Counters>;
  appended: number;
  /** Dead letters, oldest first. */
  dead: { connection: string; original: string }[];
}

interface Real {
  harness: StorageHarness;
  storage: Storage;
}

type Command = fc.AsyncCommand<Model, Real>;

const connections = ['eu', 'us'] as const;
const owners = ['deliverer-1', 'deliverer-2'] as const;
const connection = fc.constantFrom(...connections);
const owner = fc.constantFrom(...owners);
const fresh = { attempts: 0, delayed: false, owner: undefined, expired: false };
const isFree = (row: Row) => !row.delayed && (row.owner === undefined || row.expired);

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await run(model, real);
      await expectConserved(model, real.storage);
    },
  };
}

const append = fc
  .tuple(connection, fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }))
  .map(([to, sizes]) =>
    command(`append ${sizes.length} to ${to}`, async (model, { storage }) => {
      const rows = sizes.map(
        (events): Row => ({
          ...fresh,
          text: `batch ${++model.appended}`,
          connection: to,
          events,
        }),
      );
      await Promise.all(
        rows.map(({ text, events }) => storage.journal.append(batchOf(text, { connection: to, events }))),
      );
      model.rows = [...model.rows, ...rows];
      const counters = countersOf(model, to);
      counters.accepted += sizes.reduce((sum, events) => sum + events, 0);
    }),
  );

const lease = fc
  .record({
    ...{ connection, owner, alone: fc.boolean() },
    maxRows: fc.integer({ min: 1, max: 4 }),
    maxEvents: fc.nat({ max: 6 }),
  })
  .map(request =>
    command(`lease ${JSON.stringify(request)}`, async (model, { storage }) => {
      const leased = await storage.journal.lease({ ...wholeQueue, ...request });
      const aside = await storage.journal.quarantined({
        ...{ connection: request.connection, after: 0, limit: 1_000 },
      });
      const isAside = (row: Row) => aside.some(({ id }) => id === model.ids.get(row.text));
      const free = model.rows.filter(
        row => row.connection === request.connection && isFree(row) && !isAside(row),
      );
      expect(leased.length).toBeLessThanOrEqual(request.maxRows);
      if (request.alone || leased.length > 0) expect(leased.length > 0).toBe(free.length > 0);
      if (leased.some(({ deaths }) => deaths > 0)) {
        expect(request.alone).toBe(true);
        expect(leased).toHaveLength(1);
      }
      for (const { deaths } of leased) expect(deaths).toBeLessThan(fatalDeaths);
      const events = leased.reduce((sum, row) => sum + row.events, 0);
      if (leased.length > 1) expect(events).toBeLessThanOrEqual(request.maxEvents);
      for (const got of leased) noteLease(model, got, free, request.owner);
    }),
  );

function noteLease(model: Model, got: LeasedBatch, free: Row[], by: string): void {
  const text = textOf(got.body);
  const row = free.find(candidate => candidate.text === text);
  if (row === undefined) throw new Error(`${text} was leased though it was not free`);
  expect(got).toMatchObject({ connection: row.connection, events: row.events, attempts: row.attempts });
  model.ids.set(text, got.id);
  Object.assign(row, { owner: by, expired: false });
}

const part = fc.float({ min: 0, max: 1, noNaN: true });

const complete = fc.tuple(owner, part, part, part, part).map(([by, share, imported, skipped, held]) =>
  command(`complete as ${by}`, async (model, { storage }) => {
    const known = model.rows.filter(row => model.ids.has(row.text));
    const chosen = known.slice(0, Math.ceil(known.length * share));
    const outcomes = chosen.map(row => outcomeOf(model.ids.get(row.text)!, row, imported, skipped, held));
    const mine = chosen.filter(row => row.owner === by);
    expect(await storage.journal.complete(by, outcomes)).toEqual(mine.map(row => model.ids.get(row.text)));

    for (const [index, row] of chosen.entries()) {
      if (row.owner !== by) continue;
      const counters = countersOf(model, row.connection);
      counters.imported += outcomes[index]!.imported;
      counters.skipped += outcomes[index]!.skipped.not_selected ?? 0;
      counters.dead += outcomes[index]!.deadLetters.length;
      for (const { original } of outcomes[index]!.deadLetters)
        model.dead.push({ connection: row.connection, original });
      for (const { events, text } of heldOf(outcomes[index]!))
        model.rows.push({ ...fresh, text, connection: row.connection, events, delayed: true });
    }
    model.rows = model.rows.filter(row => !mine.includes(row));
  }),
);

/** What an outcome holds; its own bytes may be gone by now, but its text is known. */
const heldOf = ({ id, held = [] }: BatchOutcome) =>
  held.map(({ events }) => ({ events, text: `held of ${id}` }));

function outcomeOf(
  id: number,
  row: Row,
  importedShare: number,
  skippedShare: number,
  heldShare: number,
): BatchOutcome {
  const { text, events } = row;
  const imported = Math.floor(events * importedShare);
  const skipped = Math.floor((events - imported) * skippedShare);
  const held = Math.floor((events - imported - skipped) * heldShare);
  const dead = (index: number): NewDeadLetter => ({
    reason: 'too_deep',
    detail: '',
    eventType: undefined,
    insertId: undefined,
    original: JSON.stringify({ [index]: text }),
    mapped: undefined,
  });
  return {
    id,
    imported,
    skipped: skipped > 0 ? { not_selected: skipped } : {},
    deadLetters: Array.from({ length: events - imported - skipped - held }, (_, index) => dead(index)),
    held: held > 0 ? [{ until: HOUR, events: held, body: bytesOf(`held of ${id}`) }] : [],
    notes: {},
    days: [],
  };
}

const release = fc.tuple(owner, fc.boolean(), fc.boolean()).map(([by, attempt, delayed]) =>
  command(`release as ${by}, attempt ${attempt}, delayed ${delayed}`, async (model, { storage }) => {
    const ids = [...model.ids.values()];
    await storage.journal.release(by, ids, { delayMs: delayed ? HOUR : 0, attempt });
    for (const row of model.rows) {
      if (row.owner !== by) continue;
      Object.assign(row, {
        owner: undefined,
        expired: false,
        delayed,
        attempts: row.attempts + (attempt ? 1 : 0),
      });
    }
  }),
);

const expire = owner.map(by =>
  command(`leases of ${by} run out`, async (model, { storage }) => {
    const held = model.rows.filter(row => row.owner === by);
    const ids = held.map(row => model.ids.get(row.text)!);
    expect(await storage.journal.renew(by, [...model.ids.values()], 0)).toEqual(
      [...model.ids.values()].filter(id => ids.includes(id)),
    );
    for (const row of held) row.expired = true;
  }),
);

const replay = fc.tuple(connection, fc.integer({ min: 1, max: 4 })).map(([of, limit]) =>
  command(`replay up to ${limit} of ${of}`, async (model, { storage }) => {
    const letters = model.dead.filter(each => each.connection === of).slice(-limit);
    const { profile } = batchOf('');
    const ids = await storage.deadLetters.replay({ connection: of, profile, limit });
    expect(ids).toHaveLength(letters.length);
    model.dead = model.dead.filter(each => !letters.includes(each));
    if (letters.length > 0) countersOf(model, of).dead -= letters.length;
    for (const { original } of letters)
      model.rows.push({ ...fresh, text: `{"events":[${original}]}`, connection: of, events: 1 });
  }),
);

const remove = fc.tuple(connection, fc.integer({ min: 1, max: 4 })).map(([of, limit]) =>
  command(`remove up to ${limit} dead letters of ${of}`, async (model, { storage }) => {
    const letters = model.dead.filter(each => each.connection === of).slice(-limit);
    const ids = await storage.deadLetters.remove({ connection: of, limit, skippedAs: 'purged' });
    expect(ids).toHaveLength(letters.length);
    model.dead = model.dead.filter(each => !letters.includes(each));
    if (letters.length === 0) return;
    countersOf(model, of).dead -= letters.length;
    countersOf(model, of).skipped += letters.length;
  }),
);

/** Takes one event out of each batch that waits, or says why not. */
const rewrite = connection.map(of =>
  command(`rewrite batches of ${of}`, async (model, { storage }) => {
    for (const { id, events, body } of await storage.journal.pending({
      connection: of,
      after: 0,
      limit: 100,
    })) {
      const text = textOf(body);
      const row = model.rows.find(
        each => each.text === text && each.connection === of && each.events === events,
      );
      if (row === undefined) throw new Error(`${text} waits though it does not`);
      const removed = Math.min(1, events);
      const done = await storage.journal.rewrite({
        ...{ id, of: 'pending', events, removed, reason: 'forgotten' },
        body: bytesOf(text),
      });
      if (row.owner !== undefined && !row.expired) expect(done).toBe('leased');
      else {
        expect(done).toBe('done');
        row.events -= removed;
        countersOf(model, of).skipped += removed;
        Object.assign(row, { owner: undefined, expired: false });
        if (row.events === 0) model.rows = model.rows.filter(each => each !== row);
      }
    }
  }),
);

/** A row is split into its events, or one of no more is given back as harmless. */
const handleAlone = owner.map(by =>
  command(`split or acquit as ${by}`, async (model, { storage }) => {
    const row = model.rows.find(each => model.ids.has(each.text) && each.owner === by);
    if (row === undefined) return;
    const id = model.ids.get(row.text)!;
    if (row.events < 2) {
      await storage.journal.acquit(by, id);
      Object.assign(row, { owner: undefined, expired: false });
      return;
    }
    const texts = Array.from({ length: row.events }, (_, index) => `${row.text}.${index}`);
    const parts = texts.map(text => ({ events: 1, body: bytesOf(text) }));
    expect(await storage.journal.split('a stranger', id, parts)).toBe(false);
    await expect(storage.journal.split(by, id, parts.slice(1))).rejects.toThrow('parts of batch');
    expect(await storage.journal.split(by, id, parts)).toBe(true);
    const { connection: to } = row;
    model.rows = [
      ...model.rows.filter(each => each !== row),
      ...texts.map(text => ({ ...fresh, text, connection: to, events: 1 })),
    ];
  }),
);

const readmit = connection.map(of =>
  command(`readmit what is quarantined of ${of}`, async (_model, { storage }) => {
    const page = { connection: of, after: 0, limit: 1_000 };
    const aside = (await storage.journal.quarantined(page)).map(({ id }) => id);
    expect((await storage.journal.readmit(of)).sort((a, b) => a - b)).toEqual(aside);
    expect(await storage.journal.quarantined(page)).toEqual([]);
  }),
);

const crashAndReopen = fc.constant(
  command('crash and reopen', async (model, real) => {
    await real.harness.crash(real.storage);
    real.storage = await real.harness.open();
    if (real.harness.leasesSurviveCrash) return;
    for (const row of model.rows) Object.assign(row, { owner: undefined, expired: false });
  }),
);

function countersOf(model: Model, of: string): Counters {
  const counters = model.counters.get(of) ?? { accepted: 0, imported: 0, skipped: 0, dead: 0 };
  model.counters.set(of, counters);
  return counters;
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

export function conserves({ accepted, imported, skipped, deadLettered, pending }: ConnectionCounts): boolean {
  return accepted === imported + sum(skipped) + sum(deadLettered) + pending;
}

async function expectConserved(model: Model, storage: Storage): Promise<void> {
  const counts = await storage.journal.counts();
  expect(Object.keys(counts).sort()).toEqual([...model.counters.keys()].sort());
  for (const [name, counters] of model.counters) {
    const got = counts[name]!;
    const rows = model.rows.filter(row => row.connection === name);
    expect(conserves(got)).toBe(true);
    expect({
      accepted: got.accepted,
      imported: got.imported,
      skipped: sum(got.skipped),
      dead: sum(got.deadLettered),
    }).toEqual(counters);
    expect(got.pendingBatches).toBe(rows.length);
    expect(got.pending).toBe(rows.reduce((total, row) => total + row.events, 0));
  }
  expect(sum(await storage.deadLetters.countBy('reason'))).toBe(
    [...model.counters.values()].reduce((total, { dead }) => total + dead, 0),
  );
}

export async function holdsLikeTheModel(createHarness: () => Promise<StorageHarness>): Promise<void> {
  const commands = fc.commands(
    [
      ...[append, append, lease, lease, lease, complete, release, expire, handleAlone, readmit],
      ...[replay, remove, rewrite, crashAndReopen, crashAndReopen],
    ],
    {
      maxCommands: 40,
      size: 'max',
    },
  );
  await fc.assert(
    fc.asyncProperty(commands, async sequence => {
      const harness = await createHarness();
      const real: Real = { harness, storage: await harness.open() };
      try {
        const model: Model = { rows: [], ids: new Map(), counters: new Map(), appended: 0, dead: [] };
        await fc.asyncModelRun(() => ({ model, real }), sequence);
      } finally {
        await real.storage.close();
        await harness.dispose();
      }
    }),
    { numRuns: 20 },
  );
}
