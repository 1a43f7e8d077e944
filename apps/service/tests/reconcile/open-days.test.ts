import { expect, it } from 'vitest';
import type { Comparison } from '../../src/reconcile/compare.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { type ImportRow, importNatively } from '../../src/testing/mixpanel-account.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';
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

type World = Awaited<ReturnType<typeof reconcileWorld>>;
const compared = async ({ running }: World, day = '2026-03-01') =>
  (await (await running.get(`/api/compare?from=${day}&to=${day}`, asOperator)).json()) as Comparison;
/** Sends of one user in one second, as two senders would have them. */
const twins = (events: number) =>
  batchOf(
    ...Array.from({ length: events }, () =>
      emailSend({ time: worldStart / 1_000 - 60, user: { user_id: 'braze-user', external_user_id: 'ada' } }),
    ),
  );

it('a comparison names no other sender of events that were delivered while the raw export was read', async () => {
  const late = { post: async () => undefined as unknown };
  const interposed: typeof fetch = async (input, init) => {
    if (String(input).includes('/api/2.0/export')) await late.post();
    return fetch(input, init);
  };
  await using service = await reconcileWorld({ dependencies: { fetch: interposed } });
  await service.running.post(twins(2));
  await service.running.settled();
  late.post = async () => {
    await service.running.post(twins(9));
    await service.running.settled();
  };
  const open = await compared(service);
  expect(open).toMatchObject({
    ...{ agrees: true, openDays: ['2026-03-01'] },
    days: [{ ours: 2, mixpanelRaw: 11, mixpanelUnique: 11, agrees: true, why: ['imported_meanwhile'] }],
  });
  const days = ['--from', '2026-03-01', '--to', '2026-03-01', '--url', service.running.service.url];
  const { stdout, child } = await ServiceProcess.run(
    ...([{ ADMIN_TOKEN: 'test-admin-token' }, 'compare', '--check', ...days] as const),
  );
  const text = stdout.join(' ');
  expect(text).toMatch(/Email Send +11 +20 +20 +imported_meanwhile/);
  expect(text).toContain('2026-03-01 has not ended: its counts still move.');
  expect(child.exitCode).toBe(0);
});

it('a comparison names no other sender of events whose delivery Mixpanel has not answered yet', async () => {
  const imported = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const interposed: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (new URL(input instanceof Request ? input.url : input).pathname === '/import') {
      imported.resolve();
      await release.promise;
    }
    return response;
  };
  await using service = await reconcileWorld({ dependencies: { fetch: interposed } });
  await service.running.post(twins(4));
  await imported.promise;
  const { agrees, days } = await compared(service);
  release.resolve();
  await service.running.settled();
  expect({ agrees, days }).toMatchObject({
    agrees: true,
    days: [{ ours: 0, mixpanelUnique: 4, why: ['imported_meanwhile'] }],
  });
});

it('a comparison still names another sender of events beyond those in delivery, on an open day too', async () => {
  await using service = await reconcileWorld();
  await service.running.post(sends(5));
  await service.running.settled();
  const exported = await (await fetch(`${service.mixpanelUrl}/_sim/events`)).json();
  await importNatively(service.mixpanelUrl, (exported as { events: ImportRow[] }).events);
  expect(await compared(service)).toMatchObject({
    agrees: false,
    days: [{ ours: 5, mixpanelUnique: 10, why: ['sent_twice'] }],
  });
});

it('a comparison in shadow mode takes events of an open day that another sender delivered first for no finding', async () => {
  await using service = await reconcileWorld({ environment: { DELIVERY_MODE: 'shadow' } });
  const properties = { time: worldStart / 1_000 - 60, distinct_id: 'ada' };
  await importNatively(service.mixpanelUrl, [{ event: 'Email Send', properties }]);
  expect((await compared(service)).days).toMatchObject([{ ours: 0, why: ['imported_meanwhile'] }]);
  await service.clock.advance(dayMs);
  expect((await compared(service)).days).toMatchObject([{ ours: 0, why: ['from_elsewhere'] }]);
});
