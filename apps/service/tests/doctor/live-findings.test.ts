import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { checkFindings } from '../../src/doctor/live-findings.ts';
import { emails } from '../../src/testing/events.ts';

import { ManualClock } from '../../src/testing/manual-clock.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const start = Date.parse('2026-09-01T10:00:00Z');
const hourMs = 3_600_000;
const label = 'Findings of the running service';

async function checked(environment: Record<string, string>, now: number) {
  const config = readConfig({
    environment: {
      CURRENTS_TOKEN: 'test-currents-token',
      ADMIN_TOKEN: asOperator.authorization.replace('Bearer ', ''),
      MIXPANEL_TOKEN: 'test-project-token',
      STORAGE_URL: 'sqlite::memory:',
      ...environment,
    },
  });
  return doctor(config, { fetch, now: () => now, freeBytes: async () => 10 * 1024 ** 3 });
}

it('doctor shows the findings of the running service in the words of /status: refused credentials, a failing Current', async () => {
  const clock = new ManualClock(start);
  await using mixpanel = await startMockMixpanel();
  const environment = { MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: 'wrong' };
  await using service = await RunningService.start(environment, { clock });
  await service.post({ events: emails(1) });
  await service.until(({ delivery }) => delivery?.state === 'parked');
  for (const wait of [0, hourMs]) {
    await clock.advance(wait);
    await service.post({ events: emails(1) }, { headers: { authorization: 'Bearer wrong' } });
  }
  const { findings } = await service.connection();
  const here = { ...environment, PORT: String(service.service.port) };
  const results = await checked(here, clock.now());
  for (const { message, next } of findings!)
    expect(results).toContainEqual(expect.objectContaining({ message, next }));
  expect(results.find(({ about }) => about === 'Credentials')).toMatchObject({ result: 'failure' });
  expect(results.find(({ about }) => about === 'Currents')).toMatchObject({
    ...{ connection: 'default', result: 'warning' },
    message: expect.stringMatching(/drop events in 47 hours, .* disable the Current in 119 hours/),
  });
  expect(results.some(({ about }) => about === label)).toBe(false);
});

it('doctor says in one line that the findings are not known without a running service', async () => {
  await using mixpanel = await startMockMixpanel();
  const environment = { MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: 'mixpanel-token', PORT: '1' };
  const found = (await checked(environment, start)).filter(({ about }) => about === label);
  expect(found).toEqual([
    expect.objectContaining({ result: 'skipped', message: expect.stringMatching(/^Not known: /) }),
  ]);
});

it('doctor says that the findings of a connection are not known which the running service does not have', () => {
  const { connections } = readConfig({
    environment: { CURRENTS_TOKEN: 'test-currents-token', MIXPANEL_TOKEN: 'test-project-token' },
  });
  expect(checkFindings(connections[0]!, { other: [] }, start)).toContainEqual(
    expect.objectContaining({
      about: label,
      result: 'skipped',
      message: expect.stringMatching(/^Not known: /),
    }),
  );
});
