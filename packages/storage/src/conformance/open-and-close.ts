import { expect, it } from 'vitest';
import { batchOf, deadLetter, imported } from '../testing/samples.ts';
import { contract } from './contract.ts';

export const openAndClose = contract('open and close', storage => {
  it('keep rows, attempts, counts and dead letters', async () => {
    await storage.append('done', 'failed', 'waiting');
    const [done, failed] = await storage.lease();
    await storage.journal.complete('deliverer-1', [
      { ...imported(done!), imported: 0, deadLetters: [deadLetter({})] },
    ]);
    await storage.journal.release('deliverer-1', [failed!.id], { delayMs: 0, attempt: true });
    const counts = await storage.journal.counts();
    await storage.reopen();
    expect(await storage.journal.counts()).toEqual(counts);
    expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 1 });
    const [retried] = await storage.lease({ maxRows: 1 });
    expect(retried).toMatchObject({ id: failed!.id, attempts: 1 });
  });

  it('lose no acknowledged batch after a crash', async () => {
    const acknowledged: string[] = [];
    const texts = Array.from({ length: 200 }, (_, index) => `batch ${index}`);
    const appends = texts.map(text =>
      storage.journal.append(batchOf(text)).then(
        () => acknowledged.push(text),
        () => undefined,
      ),
    );
    await appends[0];
    await storage.lose();
    await Promise.all(appends);

    await storage.open();
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await storage.leasedTexts()).toEqual(expect.arrayContaining(acknowledged));
  });

  it('complete calls made before the close and reject later ones', async () => {
    const before = storage.journal.append(batchOf('a'));
    await storage.close();
    await expect(before).resolves.toMatchObject({ id: expect.any(Number) });
    await expect(storage.journal.append(batchOf('b'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(storage.probe()).resolves.toMatchObject({ ok: false });
    await storage.close();
  });

  it('have successful probes between them while the storage is writable', async () => {
    expect(await Promise.all([storage.probe(), storage.probe()])).toEqual([{ ok: true }, { ok: true }]);
    expect(await storage.journal.counts()).toEqual({});
  });
});
