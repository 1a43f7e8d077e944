import { expect, it } from 'vitest';
import { batchOf, bytesOf, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const append = contract('append', storage => {
  it('keeps every field of a batch', async () => {
    await storage.journal.append(batchOf('{"events":[]}', { events: 7, receivedAt: 1_799_999_999_123 }));
    const row = await storage.leaseOne();
    expect({ ...row, body: textOf(row.body) }).toEqual({
      id: row.id,
      connection: 'default',
      receivedAt: 1_799_999_999_123,
      events: 7,
      attempts: 0,
      deaths: 0,
      profile: '{"generation":"2022-06"}',
      body: '{"events":[]}',
    });
  });

  it('stores a body that is part of a larger buffer, and leaves the buffer unchanged', async () => {
    const memory = bytesOf('before|body|after');
    await storage.journal.append(batchOf('', { body: memory.subarray(7, 11) }));
    expect(textOf(memory)).toBe('before|body|after');
    expect(await storage.leasedTexts()).toEqual(['body']);
  });

  it('resolves to the id of each row, and gives its bytes back', async () => {
    const texts = ['a', 'bb', 'ccc'];
    const appended = await Promise.all(texts.map(text => storage.journal.append(batchOf(text))));
    expect(appended.map(({ body }) => textOf(body))).toEqual(texts);
    expect(await storage.lease()).toMatchObject(appended);
  });

  it('stores bytes that are not text', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await storage.journal.append(batchOf('', { body: every.slice() }));
    expect((await storage.leaseOne()).body).toEqual(every);
  });

  it('stores 300 concurrent batches in their order', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `batch ${index}`);
    await Promise.all(texts.map(text => storage.journal.append(batchOf(text))));
    expect(await storage.leasedTexts()).toEqual(texts);
  });

  it('rejects an invalid batch and stores the batches beside it', async () => {
    const results = await Promise.allSettled([
      storage.journal.append(batchOf('good')),
      storage.journal.append(batchOf('bad', { events: -1 })),
      storage.journal.append(batchOf('good too')),
    ]);
    expect(results.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await storage.leasedTexts()).toEqual(['good', 'good too']);
    expect(await storage.counts()).toMatchObject({ accepted: 2, pending: 2 });
  });
});
