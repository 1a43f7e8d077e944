import { expect, it } from 'vitest';
import { DeletionWorld, dayMs } from '../../src/testing/deletion-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it('`forget --vendors` and `receipts` show what was removed and how far Mixpanel is, in 80 columns', async () => {
  await using world = await DeletionWorld.begin();
  await using service = await world.serve();
  const run = async (...args: string[]) => {
    const given = [...args, '--url', service.service.url];
    const { stdout, stderr, child } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...given);
    if (!args.includes('--json'))
      expect(Math.max(0, ...stdout.map(({ length }) => length))).toBeLessThanOrEqual(80);
    return { text: stdout.join('\n'), stderr, code: child.exitCode };
  };
  const forgotten = await run('forget', 'user-ada', '--vendors', '--confirm');
  expect(forgotten.code).toBe(0);
  const number = /^Receipt ([\da-f]{32})$/m.exec(forgotten.text)?.[1] ?? '';
  const [task] = await world.tasks();
  expect(forgotten.text).toContain(`- default: accepted, not done\n  task ${task!.id}, PENDING\n`);
  await world.enter('SUCCESS');
  await world.advance(dayMs);
  const shown = await run('receipts', number);
  expect(shown.text).toContain(`- default: done\n  task ${task!.id}, SUCCESS\n`);
  expect(shown.text).toMatch(/^2026-03-01 12:30Z {2}forget --vendors: complete here$/m);
  // The removal and its receipt have the same stores.
  for (const store of ['dead letters', "pairs with Braze's IDs", 'ledgers of cohorts: entries'])
    for (const { text } of [forgotten, shown]) expect(text).toMatch(new RegExp(`^${store} +0$`, 'm'));
  expect(shown.text).toMatch(/^Not known:$/m);
  expect(shown.text).not.toContain('user-');
  for (const noNumber of ['zz', 'x y', number.slice(1)]) {
    const { code, stderr } = await run('receipts', noNumber);
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('the number of a receipt is 32 hex digits.'),
    ]);
    expect(stderr).not.toContain('forgotten');
  }
  const list = await run('receipts');
  expect(list.text).toContain(number);
  expect(list.text).toMatch(/forget --vendors: Mixpanel\s+complete +done/);
  expect((await run('forget', 'grace', '--receipt')).stderr).toContain('There is no receipt');

  await service.reload({ MIXPANEL_OAUTH_TOKEN: 'a-wrong-oauth-token' });
  const rejected = await run('forget', 'hedy', '--vendors', '--confirm');
  expect(rejected.code).toBe(1);
  expect(rejected.text.replaceAll(/\s+/g, ' ')).toMatch(
    /Mixpanel rejected MIXPANEL_OAUTH_TOKEN \(401.*make another one in Mixpanel under Settings, Data & Privacy\./,
  );
  expect(rejected.text).not.toContain('a-wrong-oauth-token');

  await service.reload({ MIXPANEL_OAUTH_TOKEN: '' });
  const refused = await run('forget', 'grace', '--vendors', '--confirm');
  expect(refused.code).toBe(1);
  expect(refused.text.replaceAll(/\s+/g, ' ')).toContain(
    'not asked, as MIXPANEL_OAUTH_TOKEN with MIXPANEL_TOKEN is not set. What is stored here was removed all the same.',
  );
}, 120_000);
