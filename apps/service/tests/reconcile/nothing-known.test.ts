import { expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

type World = Awaited<ReturnType<typeof reconcileWorld>>;

/** `reconcile --check` of one day, in 80 columns. */
async function check(service: World, day: string, ...more: string[]) {
  const args = [
    'reconcile',
    '--check',
    ...more,
    '--from',
    day,
    '--to',
    day,
    '--url',
    service.running.service.url,
  ];
  const { stdout, child } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args);
  expect(Math.max(...stdout.map(({ length }) => length))).toBeLessThanOrEqual(80);
  return { text: stdout.join(' '), code: child.exitCode };
}

it('a day without events is not without differences where the numbers of Braze are not read', async () => {
  await using service = await reconcileWorld({ environment: { BRAZE_ANALYTICS_KEY: '' } });
  const { text, code } = await check(service, '2026-03-01');
  expect(text).toContain('Not known (?), because: BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set');
  expect(text).toContain(
    '0 events came. Unexplained: 0, and 0 counts above the threshold of 1 %. Some counts',
  );
  expect(code).toBe(1);
});

it('a day without events is not without differences where the raw export is not read', async () => {
  await using service = await reconcileWorld();
  expect(await service.report()).toMatchObject({ rows: [], notKnown: [] });
  await service.mixpanel.request('POST faults', { body: { route: 'export', kind: 'status', status: 500 } });
  expect(await service.report()).toMatchObject({
    rows: [],
    notKnown: [expect.stringMatching(/^2026-03-01: The raw export could not be read/)],
  });
});

it('the summary says that counts are not known, where Braze and Mixpanel answer none', async () => {
  await using service = await reconcileWorld();
  await service.emit(emailSend({ time: worldStart / 1_000 - 60 }));
  expect((await check(service, '2026-03-01')).text).not.toContain('not known');
  await service.braze.request('POST faults', { body: { route: '*', kind: 'status', status: 429 } });
  await service.mixpanel.request('POST faults', { body: { route: 'export', kind: 'status', status: 500 } });
  const byCampaign = await check(service, '2026-03-01', '--by', 'campaign');
  expect(byCampaign.text).toContain('Not known (?), because: 2026-03-01: The raw export');
  expect(byCampaign.text).toContain('default, 2026-03-01 to 2026-03-01: campaigns are not known.');
  const { text, code } = await check(service, '2026-03-01');
  expect(text).toMatch(
    /threshold of 1 %\. Some counts are not known, so more may be unexplained\. No findings, as far as counts are known: [^:]*\.$/,
  );
  expect(code).toBe(1);
});

it('days that have not come yet are refused, and are not known beside today', async () => {
  await using service = await reconcileWorld();
  const args = [
    'reconcile',
    '--from',
    '2026-03-02',
    '--to',
    '2026-03-03',
    '--url',
    service.running.service.url,
  ];
  const { stdout, stderr, child } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args);
  expect(stdout).toEqual([]);
  expect(stderr.replaceAll('\n', ' ')).toContain(
    'The days from 2026-03-02 on have not come yet: choose days up to 2026-03-01, UTC, by the clock of the service.',
  );
  expect(child.exitCode).toBe(1);
  expect((await service.report('2026-03-01', '2026-03-02')).notKnown).toEqual([
    'The days from 2026-03-02 on have not come yet: choose days up to 2026-03-01.',
  ]);
});

it('an event of a name that only waits is in the report', async () => {
  await using service = await reconcileWorld();
  await service.mixpanel.request('POST faults', { body: { route: 'import', kind: 'status', status: 503 } });
  const paid = { event_type: 'users.behaviors.CustomEvent', properties: { name: 'Paid' } };
  await service.running.post(batchOf(emailSend({ ...paid, time: worldStart / 1_000 - 60 })));
  expect(await service.report()).toMatchObject({
    events: 1,
    rows: [{ event: '[Braze Custom Event] Paid', columns: { waiting: { events: 1 } } }],
  });
});
