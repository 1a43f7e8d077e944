import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../../ports/index.ts';
import { conserves } from '../../testing/conserves.ts';
import { describeWithPostgres } from '../../testing/describe-postgres.ts';
import type { PostgresServer } from '../../testing/own-postgres.ts';
import { addressOf } from '../../testing/postgres-harness.ts';
import { startPostgres } from '../../testing/postgres-server.ts';
import { batchOf, imported, wholeQueue } from '../../testing/samples.ts';
import { openPostgresStorage } from '../postgres-storage.ts';
import type { PostgresAddress } from '../server/address.ts';
import { migrate, readSchemaState } from './migrate.ts';
import { type Step, steps } from './steps.ts';

/** A next release: it adds a column, and later takes away an index that only this release knows. */
const added: Step = {
  name: 'priority',
  kind: 'expand',
  sql: 'ALTER TABLE batch ADD COLUMN priority INTEGER NOT NULL DEFAULT 0',
};
const next: readonly Step[] = [...steps, added];
const taken: Step = {
  name: 'no index by reason',
  kind: 'contract',
  needs: next.length,
  sql: 'DROP INDEX dead_letter_reason',
};
const nextComplete: readonly Step[] = [...next, taken];

describeWithPostgres('the schema in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);
  const newDatabase = async () => addressOf((await server.createDatabase()).url);

  it('is made once by any number of programs that start at once', async () => {
    const address = await newDatabase();
    const opened = await Promise.all(Array.from({ length: 6 }, () => openPostgresStorage(address)));
    await opened[0]!.journal.append(batchOf('a'));
    expect(await opened[5]!.journal.counts()).toMatchObject({ default: { accepted: 1 } });
    await Promise.all(opened.map(storage => storage.close()));
    expect((await readSchemaState(address, steps)).applied).toHaveLength(steps.length);
  });

  it('is not touched where a step fails, and says so at the next start', async () => {
    const address = await newDatabase();
    const broken: Step = {
      name: 'broken',
      kind: 'expand',
      sql: 'CREATE TABLE half (id INTEGER); SELECT 1 / 0',
    };
    await expect(migrate(address, [...steps, broken])).rejects.toThrow(/division by zero/);
    expect((await readSchemaState(address, steps)).applied).toEqual([]);
    await migrate(address, steps);
  });

  it('goes from a release to the next and back under load, and nothing is lost or doubled', async () => {
    const address = await newDatabase();
    const load = new Load();
    await load.runOn(address, steps, 40);

    await load.runOn(address, steps, 20, () => migrate(address, next));
    await Promise.all([load.runOn(address, steps, 20), load.runOn(address, next, 20)]);
    await load.runOn(address, steps, 20);
    await load.runOn(address, next, 20, () => migrate(address, nextComplete, { contract: true }));

    await load.drain(address, nextComplete);
  });

  describe('a step that takes away', () => {
    it('is refused while a program runs that needs what it takes', async () => {
      const address = await newDatabase();
      await migrate(address, next);
      const old = await openPostgresStorage(address);
      await old.journal.counts();
      const contract = () => migrate(address, nextComplete, { contract: true });
      await expect(contract()).rejects.toMatchObject({ code: 'busy', message: /Stop or upgrade it/ });
      expect(await old.journal.counts()).toEqual({});
      await old.close();
      expect((await contract()).map(({ name }) => name)).toEqual([taken.name]);
    });

    it('is not applied at start', async () => {
      const address = await newDatabase();
      const storage = await openPostgresStorage(address, { steps: nextComplete });
      await storage.close();
      expect((await readSchemaState(address, nextComplete)).missing).toMatchObject([
        { step: { name: taken.name } },
      ]);
    });

    it('keeps programs out that need what it took, with a sentence', async () => {
      const address = await newDatabase();
      await migrate(address, nextComplete, { contract: true });
      await expect(openPostgresStorage(address)).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringMatching(/Run the newer version of the program/),
      });
    });
  });
});

/** Batches that are appended, leased and completed by programs of two releases, and what of it was answered. */
class Load {
  #appended = 0;
  readonly #completed: number[] = [];

  async runOn(
    address: PostgresAddress,
    release: readonly Step[],
    batches: number,
    meanwhile?: () => Promise<unknown>,
  ) {
    const storage = await openPostgresStorage(address, { steps: release });
    try {
      await Promise.all([this.#append(storage, batches), this.#deliver(storage, batches / 2), meanwhile?.()]);
    } finally {
      await storage.close();
    }
  }

  async drain(address: PostgresAddress, release: readonly Step[]): Promise<void> {
    const storage = await openPostgresStorage(address, { steps: release });
    try {
      await this.#deliver(storage, this.#appended - this.#completed.length);
      const { default: counts } = await storage.journal.counts();
      expect(conserves(counts!)).toBe(true);
      expect(counts).toMatchObject({ accepted: this.#appended, imported: this.#appended, pending: 0 });
      expect(new Set(this.#completed).size).toBe(this.#appended);
    } finally {
      await storage.close();
    }
  }

  async #append({ journal }: Storage, batches: number): Promise<void> {
    for (let index = 0; index < batches; index += 1) {
      await journal.append(batchOf(`batch ${index}`));
      this.#appended += 1;
    }
  }

  async #deliver({ journal }: Storage, batches: number): Promise<void> {
    const owner = crypto.randomUUID();
    for (let delivered = 0; delivered < batches; ) {
      const rows = await journal.lease({ ...wholeQueue, owner, maxRows: 3 });
      const ended = await journal.complete(owner, rows.map(imported));
      this.#completed.push(...ended);
      delivered += ended.length;
    }
  }
}
