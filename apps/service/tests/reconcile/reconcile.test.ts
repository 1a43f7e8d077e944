import { describe, expect, it } from 'vitest';
import type { ReconciliationAnswer } from '../../src/http/reconcile-routes.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';
import { evaluationOf } from '../observability/alerts/alert-run.ts';

const hour = 3_600_000;

/** A service between simulators, which got five events of its first day that Braze does not count. */
async function world(environment: Record<string, string> = {}) {
  const service = await reconcileWorld({ environment });
  const event = () => emailSend({ time: worldStart / 1_000 - 60 });
  await service.running.post(batchOf(event(), event(), event(), event(), event()));
  await service.running.settled();
  return service;
}

const row = { day: '2026-03-01', event: 'Email Send' };
const five = { events: 5 };

describe('a report', () => {
  it('is made every day at 03:00 UTC and kept, and its findings are a metric', async () => {
    await using service = await world({ RECONCILE_DAYS: '5' });
    const metric = async () => (await service.running.get('/metrics', asOperator)).text();
    await service.mixpanel.request('POST reset');
    await service.clock.advance(14 * hour);
    expect(await (await service.running.get('/api/reconcile', asOperator)).json()).toEqual({
      reconciliations: [],
      mostDays: 31,
      days: { from: '2026-03-01', to: '2026-03-01' },
    });
    for (let day = 0; day < 3; day += 1) await service.clock.advance(24 * hour);
    const listed = await service.running.get('/api/reconcile?connection=default', asOperator);
    const { reconciliations } = (await listed.json()) as { reconciliations: unknown };
    expect(reconciliations).toMatchObject([
      {
        ...{ id: 3, from: '2026-02-27', to: '2026-03-03', isDaily: true, state: 'done' },
        startedAt: '2026-03-04T03:00:00.000Z',
      },
      { id: 2 },
      { id: 1 },
    ]);
    const kept = await service.running.get('/api/reconcile/3', asOperator);
    expect(((await kept.json()) as ReconciliationAnswer).report).toMatchObject({
      events: 5,
      findings: ['2026-03-01 Email Send'],
    });
    expect(await metric()).toContain('braze_mixpanel_reconcile_findings{connection="default"} 1');
    expect(await metric()).toContain('braze_mixpanel_reconcile_unexplained_ratio{connection="default"} 2');
  });

  it('of an operator, without findings, hides none of the daily one from the alerts', async () => {
    await using service = await world({ RECONCILE_DAYS: '5' });
    await service.mixpanel.request('POST reset');
    await service.clock.advance(24 * hour);
    const firing = async () => (await evaluationOf(service.running)).firing;
    expect(await firing()).toContain('BrazeMixpanelCountsDiffer');
    const { isDaily, report } = await service.ended(await service.begin('2026-02-20'));
    expect({ isDaily, findings: report?.findings }).toEqual({ isDaily: false, findings: [] });
    expect(await firing()).toContain('BrazeMixpanelCountsDiffer');
  });

  it('names the reason of each column that cannot be read, and has no part of it as unexplained', async () => {
    await using service = await world({ BRAZE_ANALYTICS_KEY: 'unknown-key' });
    await service.mixpanel.request('POST faults', { body: { route: 'export', kind: 'status', status: 500 } });
    const { notKnown, rows, findings, unexplained } = await service.report();
    expect(rows).toMatchObject([
      { ...row, columns: { accepted: five, imported: five }, steps: [{ step: 'accepted_to_imported' }] },
    ]);
    expect({ findings, unexplained }).toEqual({ findings: [], unexplained: 0 });
    expect(notKnown).toEqual([
      expect.stringContaining(
        'Braze rejected BRAZE_ANALYTICS_KEY for /campaigns/list: it does not know this key. Check the key, and that BRAZE_REST_URL is the instance of your dashboard.',
      ),
      expect.stringContaining('The raw export could not be read completely'),
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['without a key', { BRAZE_ANALYTICS_KEY: '' }, 'BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set'],
    ['with a limit that is used up', {}, "Braze's limit of requests for /campaigns/list is used up."],
    ['of a part of the permissions', { BRAZE_ANALYTICS_KEY: 'few' }, 'it needs the permission canvas.list.'],
  ])('explains the rest without the numbers of Braze, %s', async (title, environment, why) => {
    await using service = await world(environment);
    await service.braze.request('POST rest-keys', {
      body: { key: 'few', permissions: ['campaigns.list', 'campaigns.data_series'] },
    });
    if (title.includes('limit'))
      await service.braze.request('POST faults', { body: { route: '*', kind: 'status', status: 429 } });
    const { rows, notKnown } = await service.report();
    expect(rows).toMatchObject([
      {
        ...row,
        columns: { braze: { notKnown: expect.stringContaining(why) }, mixpanelUnique: five },
        unexplained: 0,
      },
    ]);
    expect(notKnown.join(' ')).toContain(why);
  });

  it('has no outcomes of days before the first that was counted in full', async () => {
    await using service = await world();
    const early = emailSend({ time: worldStart / 1_000 - 86_400 });
    await service.running.post(batchOf(early));
    await service.running.settled();
    expect((await service.report('2026-02-28')).rows).toMatchObject([
      {
        columns: {
          accepted: { notKnown: 'Outcomes by day are counted since 2026-03-01.' },
          mixpanelRaw: { events: 1 },
        },
        steps: [{ step: 'raw_to_unique' }, { step: 'unique_to_shown' }],
      },
    ]);
  });
});

it('`reconcile` prints the counts and their causes in 80 columns', async () => {
  await using service = await world();
  await service.mixpanel.request('POST reset');
  await service.clock.advance(5 * 24 * hour);
  const args = [
    'reconcile',
    '--url',
    service.running.service.url,
    '--from',
    '2026-03-01',
    '--to',
    '2026-03-01',
  ];
  const run = (...more: string[]) =>
    ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args, ...more);
  const { stdout } = await run();
  const text = stdout.join('\n');
  expect(text).toMatch(/^event +day +Braze +here +sent +raw +unique +unexpl\.$/m);
  expect(text).toMatch(/^Email Send +2026-03-01 +0 +5 +5 +0 +0 +10$/m);
  expect(stdout.join(' ')).toContain(
    '5 events came. Unexplained: 10, and 1 count above the threshold of 1 %.',
  );
  expect(text.slice(text.indexOf('Findings:')).replaceAll(/\s+/g, ' ')).toMatch(
    /^Findings: - 2026-03-01 Email Send: no known cause, 5 events too many from Braze \(0\) to here \(5\)\. Look in Braze .* - 2026-03-01 Email Send: no known cause, 5 events missing from sent \(5\) to raw \(0\)\. Look in Mixpanel for a drop filter .* check MIXPANEL_PROJECT_ID\.$/,
  );
  expect(Math.max(...stdout.map(({ length }) => length))).toBeLessThanOrEqual(80);
});
