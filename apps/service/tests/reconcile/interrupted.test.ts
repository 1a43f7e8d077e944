import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { reconcileWorld } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

it('a report whose process was killed is interrupted at the next start, and a fresh one can begin', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interrupted-'));
  const url = `sqlite:${join(folder, 'service.db')}`;
  const before = await openStorage(url);
  const days = { from: '2026-02-27', to: '2026-02-28' };
  const id = await before.reconciliations.create({ connection: 'default', ...days, startedAt: 1e12 });
  await before.close();
  {
    await using service = await reconcileWorld({ environment: { STORAGE_URL: url } });
    expect(await service.get(id)).toMatchObject({
      ...{ state: 'interrupted', endedAt: '2026-03-01T12:00:00.000Z', progress: null, report: null },
      problem: 'The service stopped before it ended. Begin it again.',
    });
    const fresh = await service.begin(days.from, days.to);
    expect(await service.ended(fresh)).toMatchObject({ state: 'done', problem: null });
    const listed = await (await service.running.get('/api/reconcile', asOperator)).json();
    expect(listed).toMatchObject({ reconciliations: [{ state: 'done' }, { state: 'interrupted' }] });
  }
  await rm(folder, { recursive: true });
});
