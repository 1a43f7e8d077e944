import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { batchOf, emails } from '../../src/testing/events.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const start = Date.parse('2027-01-26T12:00:00Z');
const expires = '2027-01-31T00:00:00Z';
const dayMs = 86_400_000;

it('a service account that expires is found by doctor, warned of once its day is set, refused after it, and nothing is lost', async () => {
  const simulated = createClock({ start, frozen: true });
  const clock = new ManualClock(start);
  await using mixpanel = await startMockMixpanel({
    clock: simulated,
    settings: { serviceAccountExpires: expires },
  });
  const settings = { ...accountSettings(mixpanel.url), MIXPANEL_TOKEN: '' };
  await using service = await RunningService.start(settings, { clock });
  const expiry = async () => (await service.connection()).findings?.find(({ id }) => id === 'account_expiry');
  const checked = async (more: Record<string, string> = {}) => {
    const here = {
      ...{ CURRENTS_TOKEN: 'test-currents-token', PORT: String(service.service.port) },
      ...{ ADMIN_TOKEN: asOperator.authorization.replace('Bearer ', ''), STORAGE_URL: 'sqlite::memory:' },
    };
    const config = readConfig({ environment: { ...settings, ...here, ...more } });
    return doctor(config, { fetch, now: () => clock.now(), freeBytes: async () => 10 * 1024 ** 3 });
  };

  expect(await expiry()).toMatchObject({ severity: 'unverified' });
  const [found] = (await checked()).filter(({ about }) => about === 'Expiry of the service account');
  expect(found).toMatchObject({ result: 'warning', message: 'It expires on 2027-01-31.' });
  const day = { MIXPANEL_CREDENTIALS_EXPIRE: '2027-01-31' };
  expect(found?.next).toContain('MIXPANEL_CREDENTIALS_EXPIRE=2027-01-31');
  expect(await service.reload(day)).toBe(true);
  expect(await expiry()).toMatchObject({
    ...{ severity: 'critical', deadline: '2027-01-31T00:00:00.000Z' },
    message: 'The service account expires on 2027-01-31, in 4 days.',
  });

  await simulated.change({ kind: 'advance', milliseconds: 5 * dayMs });
  await clock.advance(5 * dayMs);
  await service.post(batchOf(...emails(3)));
  await service.until(({ delivery }) => delivery?.state === 'parked');
  expect(await expiry()).toMatchObject({ message: expect.stringMatching(/^The service account expired on/) });
  const failed = (await checked(day)).filter(({ result }) => result === 'failure');
  expect(failed.map(({ about }) => about)).toEqual(
    expect.arrayContaining(['Mixpanel import', 'Credentials', 'Deadlines']),
  );

  const renewed = { method: 'PUT', body: JSON.stringify({ serviceAccountExpires: null }) };
  expect((await fetch(`${mixpanel.url}/_sim/settings`, renewed)).status).toBe(200);
  expect(await service.reload({ MIXPANEL_CREDENTIALS_EXPIRE: '2028-01-31' })).toBe(true);
  expect(await service.settled()).toMatchObject({ imported: 3, deadLettered: {} });
  expect(await expiry()).toBeUndefined();
});
