import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStorage } from '../../open-storage.ts';
import { conserves } from '../../testing/conserves.ts';
import { describeWithPostgres } from '../../testing/describe-postgres.ts';
import type { PostgresServer } from '../../testing/own-postgres.ts';
import { startPostgres } from '../../testing/postgres-server.ts';
import { batchOf, imported, wholeQueue } from '../../testing/samples.ts';

describeWithPostgres('several processes on one PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);

  it('share the queue while it fills: each batch goes to one of them, none is passed over, and the counts of all are one', async () => {
    const { url } = await server.createDatabase();
    const replicas = await Promise.all([1, 2, 3].map(() => openStorage(url)));
    try {
      const appended = 300;
      const appending = replicas.map(async ({ journal }) => {
        for (let round = 0; round < 10; round += 1)
          await Promise.all(Array.from({ length: 10 }, () => journal.append(batchOf('x', { events: 2 }))));
      });
      const taken: number[] = [];
      const delivering = replicas.flatMap(({ journal }, replica) =>
        [1, 2].map(async deliverer => {
          const owner = `${replica}/${deliverer}`;
          while (taken.length < appended) {
            const rows = await journal.lease({ ...wholeQueue, owner, maxEvents: 14 });
            const ids = rows.map(({ id }) => id);
            expect(ids).toEqual(ids.toSorted((a, b) => a - b));
            expect(ids.length).toBeLessThanOrEqual(7);
            taken.push(...ids);
            expect(await journal.complete(owner, rows.map(imported))).toEqual(ids);
          }
        }),
      );
      await Promise.all([...appending, ...delivering]);
      expect(new Set(taken).size).toBe(appended);
      for (const { journal } of replicas) {
        const { default: counts } = await journal.counts();
        expect(counts).toMatchObject({ accepted: 2 * appended, imported: 2 * appended, pending: 0 });
        expect(conserves(counts!)).toBe(true);
      }
    } finally {
      await Promise.all(replicas.map(storage => storage.close()));
    }
  }, 60_000);
});
