import { expect, it } from 'vitest';
import { LookupTableWorld, rested, tableSettings } from '../../src/testing/lookup-table-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it('`lookup-tables` shows the tables and pushes them, and a dry run writes nothing, in 80 columns', async () => {
  await using world = await LookupTableWorld.begin();
  await using service = await world.serve();
  await rested(service);
  await world.campaigns('c1');
  const run = async (...args: string[]) => {
    const given = ['lookup-tables', ...args, '--url', service.service.url];
    const {
      stdout,
      sentences: stderr,
      child,
    } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...given);
    if (!args.includes('--json'))
      expect(Math.max(0, ...stdout.map(({ length }) => length))).toBeLessThanOrEqual(80);
    return { text: stdout.join('\n'), stderr, code: child.exitCode };
  };
  const dry = await run('push', '--dry-run');
  expect(dry.text).toMatch(/^table +rows +dry run +last success$/m);
  expect(dry.text).toMatch(/^campaign_id +not known +to be written \(1 row\) +2026-03-01 12:30Z$/m);
  expect(dry.text).toMatch(/^canvas_id +not known +nothing to write +2026-03-01 12:30Z$/m);
  expect(dry.text).toContain('Nothing was written.');
  expect(await world.writes()).toBe(0);

  const pushed = await run('push');
  expect(pushed.text).toMatch(/^message_variation_id +1 +written +2026-03-01 12:30Z$/m);
  expect(pushed.text).toContain('Campaigns and Canvases: 1. Details read: 0 of 0. Deleted meanwhile: 0.');
  expect(pushed.code).toBe(0);

  const params = { id: tableSettings.LOOKUP_TABLE_CAMPAIGNS };
  await world.mixpanel.request('DELETE lookup-tables/:id', { params });
  await world.braze.request('PUT campaigns/:id', { params: { id: 'c1' }, body: { name: 'New' } });
  const failed = await run('push');
  expect(failed.text.replaceAll('\n', ' ')).toContain(
    `Mixpanel has no lookup table ${params.id} in the project 12345.`,
  );
  expect(failed.code).toBe(1);
  const shown = await run('show');
  expect(shown.text).toBe(failed.text);
  expect(JSON.parse((await run('show', '--json')).text)).toMatchObject({ state: 'idle', run: { number: 4 } });
  expect((await run('show', '--connection', 'other')).stderr).toContain('Unknown connection.');
}, 60_000);
