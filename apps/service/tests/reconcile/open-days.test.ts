import { expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const dayMs = 86_400_000;
const sends = (events: number) =>
  batchOf(...Array.from({ length: events }, () => emailSend({ time: worldStart / 1_000 - 60 })));

it('a day that has not ended is named as open, and none of its differences is a finding', async () => {
  await using service = await reconcileWorld();
  await service.running.post(sends(9));
  await service.running.settled();
  await service.mixpanel.request('POST reset');
  const { openDays, rows, findings, unexplained } = await service.report('2026-02-28', '2026-03-01');
  expect({ openDays, findings, unexplained }).toEqual({
    ...{ openDays: ['2026-03-01'], findings: [], unexplained: 0 },
  });
  expect(rows[0]!.steps.flatMap(({ causes }) => causes)).toContainEqual({
    cause: 'imported_meanwhile',
    events: -9,
  });
  const days = ['--from', '2026-03-01', '--to', '2026-03-01', '--url', service.running.service.url];
  const { stdout, child } = await ServiceProcess.run(
    ...([{ ADMIN_TOKEN: 'test-admin-token' }, 'reconcile', '--check', ...days] as const),
  );
  expect(stdout.join(' ')).toContain('2026-03-01 has not ended: its counts still move');
  expect(child.exitCode).toBe(0);
  await service.clock.advance(3 * dayMs);
  expect(await service.report()).toMatchObject({ openDays: [], findings: ['2026-03-01 Email Send'] });
});

it('events of an earlier day that arrive while a report is made are no finding', async () => {
  const late = { post: async () => undefined as unknown };
  const interposed: typeof fetch = async (input, init) => {
    const { post } = late;
    if (String(input).includes('/api/2.0/export')) {
      late.post = async () => undefined;
      await post();
    }
    return fetch(input, init);
  };
  await using service = await reconcileWorld({ dependencies: { fetch: interposed } });
  await service.emit(emailSend({ time: worldStart / 1_000 - 60 }));
  await service.clock.advance(5 * dayMs);
  late.post = async () => {
    await service.running.post(sends(9));
    await service.running.settled();
  };
  const { rows, findings } = await service.report();
  expect(rows).toMatchObject([{ columns: { imported: { events: 1 }, mixpanelRaw: { events: 10 } } }]);
  expect(rows[0]!.steps.flatMap(({ causes }) => causes)).toEqual([
    { cause: 'imported_meanwhile', events: 9 },
  ]);
  expect(findings).toEqual([]);
});
