import { expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const environment = {
  PORT: '0',
  STORAGE_URL: 'sqlite::memory:',
  CURRENTS_TOKEN: 'test-currents-token',
  MIXPANEL_TOKEN: 'test-project-token',
  MIXPANEL_API_URL: 'http://127.0.0.1:1',
};

it('stores batches under node --watch, which sends messages of its own through the port of the storage thread', async () => {
  const { process, url } = await ServiceProcess.watched(environment);
  try {
    const response = await fetch(`${url}/currents`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-currents-token' },
      body: JSON.stringify(batchOf(emailSend())),
    });
    expect([response.status, await response.json()]).toEqual([200, { accepted: 1 }]);
  } finally {
    await process.end('SIGTERM');
  }
});
