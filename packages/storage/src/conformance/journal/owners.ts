import { textOf, type wholeQueue } from '../../testing/samples.ts';
import type { StorageUnderTest } from '../contract.ts';

/** Owners of leases, each with a name of its own, which may die. */
export function ownersOf(storage: StorageUnderTest) {
  let owners = 0;
  const take = async (request: Partial<typeof wholeQueue> = {}) => {
    const owner = `deliverer-${++owners}`;
    const rows = await storage.lease({ owner, ...request });
    return { owner, rows, texts: rows.map(({ body }) => textOf(body)) };
  };
  /** Crashes while the owner has its rows, and lets their leases expire. */
  const die = async ({ owner, rows }: Awaited<ReturnType<typeof take>>) => {
    const ids = rows.map(({ id }) => id);
    if (storage.leasesSurviveCrash) await storage.journal.renew(owner, ids, 0);
    await storage.crash();
  };
  return { take, die };
}
