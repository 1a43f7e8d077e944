import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it('`doctor` exits with 0 if everything works, and with 1 and the fix if a key is wrong; secrets are never printed', async () => {
  await using mixpanel = await startMockMixpanel();
  const environment = {
    STORAGE_URL: `sqlite:${join(tmpdir(), 'doctor-command', 'service.db')}`,
    PORT: '1',
    CURRENTS_TOKEN: 'test-currents-token',
    MIXPANEL_API_URL: mixpanel.url,
    MIXPANEL_QUERY_URL: mixpanel.url,
    MIXPANEL_TOKEN: 'mixpanel-token',
  };
  const [well, wrong] = await Promise.all([
    ServiceProcess.run(environment, 'doctor', '--json'),
    ServiceProcess.run({ ...environment, MIXPANEL_TOKEN: 'a-token-that-is-wrong' }, 'doctor'),
  ]);
  const { ok, findings } = JSON.parse(well.stdout.join('\n'));
  expect(ok).toBe(true);
  // The former name of `message` stays in the output.
  for (const { message, says } of findings) expect(says).toBe(message);
  expect(well.child.exitCode).toBe(0);
  expect(wrong.child.exitCode).toBe(1);
  expect(wrong.stdout.filter(line => line.length > 80 && !/\/\//.test(line))).toEqual([]);
  const printed = wrong.stdout.join('\n').replaceAll(/\n {9}(?!→)(?: {2})?/g, ' ');
  expect(printed).toMatch(
    /FAILURE {2}Mixpanel import: .* rejects the project token.*\n +→ Compare the credentials/,
  );
  expect(printed).toMatch(/\n\d+ ok, \d+ warnings?, 1 failure, \d+ not checked$/);
  expect(printed + wrong.stderr).not.toContain('a-token-that-is-wrong');
});
