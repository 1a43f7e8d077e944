import fc from 'fast-check';
import { expect } from 'vitest';
import { conserves, sum } from '../../testing/conserves.ts';
import type { StorageUnderTest } from '../contract.ts';

/**
 * A model of the storage in memory. Random commands run against it and a real storage; after each of them the counts must be equal and
 * conserve events. Time-outs and delays are 0 or an hour, so that no test waits: a lease of 0 ms has expired, a delay of an hour has not.
 */
export interface Row {
  text: string;
  connection: string;
  events: number;
  attempts: number;
  delayed: boolean;
  owner: string | undefined;
  expired: boolean;
}

export interface Counters {
  accepted: number;
  imported: number;
  skipped: number;
  dead: number;
}

export interface Model {
  rows: Row[];
  /** The ids of rows by their texts, known from leases. */
  ids: Map<string, number>;
  counters: Map<string, Counters>;
  appended: number;
  /** Dead letters, oldest first. */
  dead: { connection: string; original: string }[];
}

export type Command = fc.AsyncCommand<Model, StorageUnderTest>;

const connections = ['eu', 'us'] as const;
const owners = ['deliverer-1', 'deliverer-2'] as const;
export const connection = fc.constantFrom(...connections);
export const owner = fc.constantFrom(...owners);
export const fresh = { attempts: 0, delayed: false, owner: undefined, expired: false };
export const isFree = (row: Row) => !row.delayed && (row.owner === undefined || row.expired);

export function command(
  name: string,
  run: (model: Model, storage: StorageUnderTest) => Promise<void>,
): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(model, storage) {
      await run(model, storage);
      await expectConserved(model, storage);
    },
  };
}

export function countersOf(model: Model, of: string): Counters {
  const counters = model.counters.get(of) ?? { accepted: 0, imported: 0, skipped: 0, dead: 0 };
  model.counters.set(of, counters);
  return counters;
}

async function expectConserved(model: Model, storage: StorageUnderTest): Promise<void> {
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
