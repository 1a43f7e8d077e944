import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

it('with unreachable storage, requests that need it get a 503 with a message, and no defect is reported', async () => {
  let away = false;
  const unlessAway = async <T>(read: () => Promise<T>): Promise<T> => {
    if (away) throw new StorageError('unavailable', 'The database went away.');
    return read();
  };
  await using service = await RunningService.start(
    { MIXPANEL_API_URL: 'http://127.0.0.1:9' },
    {
      openStorage: async url => {
        const storage = await openStorage(url);
        return {
          ...storage,
          journal: { ...storage.journal, counts: () => unlessAway(() => storage.journal.counts()) },
          deadLetters: {
            ...storage.deadLetters,
            list: query => unlessAway(() => storage.deadLetters.list(query)),
          },
        };
      },
    },
  );
  expect((await service.get('/status')).status).toBe(200);
  away = true;
  for (const path of ['/status', '/api/dead-letters']) {
    const answer = await fetch(service.service.url + path, { headers: asOperator });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ error: { code: 'storage_away' } });
  }
  away = false;
  expect((await service.get('/status')).status).toBe(200);
});
