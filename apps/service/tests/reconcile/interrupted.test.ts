import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@braze-mixpanel/storage';
import { expect, it, vi } from 'vitest';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

/** Address of a storage file that stays for the next service. */
async function storageFile() {
  const folder = await mkdtemp(join(tmpdir(), 'interrupted-'));
  const url = `sqlite:${join(folder, 'service.db')}`;
  return { url, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
const days = { from: '2026-02-27', to: '2026-02-28' };
const problem = 'The service stopped before it ended. Begin it again.';

it('a report whose process was killed is interrupted at the next start, and a fresh one can begin', async () => {
  await using file = await storageFile();
  const before = await openStorage(file.url);
  const id = await before.reconciliations.create({
    connection: 'default',
    ...days,
    isDaily: true,
    startedAt: 1e12,
  });
  await before.close();
  await using service = await reconcileWorld({ environment: { STORAGE_URL: file.url } });
  expect(await service.get(id)).toMatchObject({
    ...{ state: 'interrupted', endedAt: '2026-03-01T12:00:00.000Z', progress: null, report: null, problem },
  });
  const fresh = await service.begin(days.from, days.to);
  expect(await service.ended(fresh)).toMatchObject({ state: 'done', problem: null });
  const listed = await (await service.running.get('/api/reconcile', asOperator)).json();
  expect(listed).toMatchObject({ reconciliations: [{ state: 'done' }, { state: 'interrupted' }] });
});

it('reports that a service is making when it stops are interrupted, the ones that wait too', async () => {
  await using file = await storageFile();
  const environment = { STORAGE_URL: file.url };
  /** Never answers an export, but ends with its request. */
  const hanging: typeof fetch = async (input, init) => {
    if (!String(input).includes('/export')) return fetch(input, init);
    const { signal } = init!;
    signal!.throwIfAborted();
    return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
  };
  const ids: number[] = [];
  {
    await using service = await reconcileWorld({ environment, dependencies: { fetch: hanging } });
    const progress = async (id: number) => (await service.get(id)).progress;
    ids.push(await service.begin(days.from, days.to));
    expect(await progress(ids[0]!)).toMatch(/^Reads /);
    ids.push(await service.begin(days.from, days.to));
    await vi.waitFor(async () => expect(await progress(ids[0]!)).toContain('raw export'), { timeout: 5_000 });
    expect(await progress(ids[1]!)).toBe('Waits until the report before it has ended.');
  }
  await using service = await reconcileWorld({ environment });
  for (const id of ids) expect(await service.get(id)).toMatchObject({ state: 'interrupted', problem });
});
