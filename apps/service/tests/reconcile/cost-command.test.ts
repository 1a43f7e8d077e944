import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const price = { MIXPANEL_PRICE_PER_MILLION: '280' };
const custom = (name: string) =>
  emailSend({ event_type: 'users.behaviors.CustomEvent', properties: { name } });

it('`cost` prints what a month of the delivered events costs, in 80 columns, and names the period of the counts', async () => {
  await using mixpanel = await FakeMixpanel.start();
  await using running = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, ...price });
  await running.post(batchOf(...emails(5), custom('a '.repeat(120)), custom('\u001b[31m')));
  await running.settled();
  const cost = async (from?: string, to?: string) => {
    const days = [...(from ? ['--from', from] : []), ...(to ? ['--to', to] : [])];
    const args = ['cost', '--url', running.service.url, ...days];
    const { stdout } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args);
    return stdout;
  };

  const lines = await cost('2023-11-01', '2023-11-16');
  expect(lines.join('\n')).toMatch(/Email Send +5 +50 +free +0\.00/);
  expect(lines.join('\n')).toMatch(/\[Braze Custom Event\] (?:a )+a?… +1 +10 +billed +0\.00/);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  const text = lines.join(' ');
  expect(text).toContain('28.6 % are billed, and costs 0.01 at 280.00 per million.');
  expect(text).toContain('Extrapolated from 3 days, 2023-11-14 to 2023-11-16.');
  expect((await cost('2023-01-01', '2023-01-02')).join(' ')).toMatch(
    /no events were .* the cost is unknown\.$/,
  );
  const yesterday = 'By default the last day is yesterday: today has not ended. Set --to to include it.';
  expect((await cost()).join(' ')).toMatch(new RegExp(`so the cost is unknown\\. ${yesterday}$`));
  await running.post(batchOf(emailSend({ time: Math.floor(Date.now() / 1_000) - 2 * 86_400 })));
  await running.settled();
  expect((await cost()).join(' ')).toContain(`Events that were sent again count again. ${yesterday}`);
  expect(text).not.toContain('By default');
});

describeWithPostgres('cost', () => {
  it('is the same with PostgreSQL as with SQLite', async () => {
    await using server = await startPostgres();
    await using mixpanel = await FakeMixpanel.start();
    const { url } = await server.createDatabase();
    const settings = { MIXPANEL_API_URL: mixpanel.url, ...price };
    const later = { time: 1_700_000_000 + 86_400 };
    const events = [...emails(3), emailSend(later), custom('Ü'), custom('[x]'), custom('a')];
    const estimates = [];
    for (const storage of [undefined, url]) {
      const on = { ...settings, ...(storage !== undefined && { STORAGE_URL: storage }) };
      await using running = await RunningService.start(on);
      await running.post(batchOf(...events));
      await running.settled();
      estimates.push(await (await running.get('/api/cost?from=2023-11-01&to=2023-11-30')).json());
    }
    const [sqlite, postgres] = estimates;
    expect(sqlite).toMatchObject({ events: 7, billed: 3, period: { from: '2023-11-14', days: 17 } });
    expect(postgres).toEqual(sqlite);
  }, 30_000);
});
