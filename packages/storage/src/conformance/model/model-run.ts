import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Contract, StorageUnderTest } from '../contract.ts';
import { append, handleAlone, readmit, rewrite } from './batch-commands.ts';
import { remove, replay } from './dead-letter-commands.ts';
import { crashAndReopen, expire, lease, release } from './lease-commands.ts';
import type { Model } from './model.ts';
import { complete } from './outcome-commands.ts';

const commands = fc.commands(
  [
    ...[append, append, lease, lease, lease, complete, release, expire, handleAlone, readmit],
    ...[replay, remove, rewrite, crashAndReopen, crashAndReopen],
  ],
  { maxCommands: 40, size: 'max' },
);

export const model: Contract = createHarness =>
  describe('against a model', () => {
    it('conserves every event through random appends, leases, outcomes, expiries and crashes', async () => {
      await fc.assert(
        fc.asyncProperty(commands, async sequence => {
          const storage = new StorageUnderTest();
          await storage.create(await createHarness());
          try {
            const empty: Model = { rows: [], ids: new Map(), counters: new Map(), appended: 0, dead: [] };
            await fc.asyncModelRun(() => ({ model: empty, real: storage }), sequence);
          } finally {
            await storage.dispose();
          }
        }),
        { numRuns: 20 },
      );
    }, 120_000);
  });
