import fc from 'fast-check';
import { expect } from 'vitest';
import type { LeasedBatch } from '../../ports/index.ts';
import { fatalDeaths } from '../../shared/accounting.ts';
import { HOUR, textOf } from '../../testing/samples.ts';
import { command, connection, isFree, type Model, owner, type Row } from './model.ts';

export const lease = fc
  .record({
    ...{ connection, owner, alone: fc.boolean() },
    maxRows: fc.integer({ min: 1, max: 4 }),
    maxEvents: fc.nat({ max: 6 }),
  })
  .map(request =>
    command(`lease ${JSON.stringify(request)}`, async (model, storage) => {
      const leased = await storage.lease({ ...request });
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

export const release = fc.tuple(owner, fc.boolean(), fc.boolean()).map(([by, attempt, delayed]) =>
  command(`release as ${by}, attempt ${attempt}, delayed ${delayed}`, async (model, storage) => {
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

export const expire = owner.map(by =>
  command(`leases of ${by} run out`, async (model, storage) => {
    const held = model.rows.filter(row => row.owner === by);
    const ids = held.map(row => model.ids.get(row.text)!);
    expect(await storage.journal.renew(by, [...model.ids.values()], 0)).toEqual(
      [...model.ids.values()].filter(id => ids.includes(id)),
    );
    for (const row of held) row.expired = true;
  }),
);

/** Leases that do not survive a crash are void after it. */
export const crashAndReopen = fc.constant(
  command('crash and reopen', async (model, storage) => {
    await storage.crash();
    if (storage.leasesSurviveCrash) return;
    for (const row of model.rows) Object.assign(row, { owner: undefined, expired: false });
  }),
);
