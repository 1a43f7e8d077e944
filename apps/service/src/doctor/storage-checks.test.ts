import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it } from 'vitest';
import { checkStorage } from './storage-checks.ts';

it('a PostgreSQL that does not answer is a failure, reported without its password', async () => {
  const found = await checkStorage('postgres://user:very-secret-9@127.0.0.1:1/service');
  expect(found).toMatchObject({ result: 'failure', message: expect.stringContaining('127.0.0.1:1/service') });
  expect(JSON.stringify(found)).not.toContain('very-secret-9');
});

describeWithPostgres('a PostgreSQL that answers', () => {
  it('is left without a table', async () => {
    await using server = await startPostgres();
    const database = await server.createDatabase();
    const look = () => checkStorage(database.url);
    expect(await look()).toMatchObject({
      result: 'ok',
      message: expect.stringContaining('first start creates'),
    });
    expect(await look()).toMatchObject({ message: expect.stringContaining('first start creates') });
  });
});
