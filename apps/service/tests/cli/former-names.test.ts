import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const run = (name: string) =>
  ServiceProcess.run({ PORT: '1', ADMIN_TOKEN: 'test-admin-token' }, name, '--connection', 'default');

it('handover, the former name of cut-over, runs it and prints that it is deprecated', async () => {
  const [former, present] = await Promise.all([run('handover'), run('cut-over')]);
  expect(former.stderr).toMatch(
    /^"handover" is deprecated and will be removed: use "cut-over"\.\n.* could not be reached/,
  );
  expect(present.stderr).toMatch(/^.* could not be reached/);
  expect(present.stderr).not.toContain('deprecated');
});
