import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const jobDocuments = contract('the documents of jobs', storage => {
  const of = { connection: 'default', job: 'tables' };
  const document = (key: string, text = '"\\u0000"') => ({ key, text });
  const put = (...documents: { key: string; text: string }[]) =>
    storage.jobDocuments.put('default', 'tables', documents);

  it('are listed page by page in the order of their keys, after a crash too', async () => {
    await put(document('b'), document('Ω'), document('a'), document('a/ü'));
    await storage.crash();
    const all = ['a', 'a/ü', 'b', 'Ω'].map(key => document(key));
    expect(await storage.jobDocuments.list({ ...of, limit: 9 })).toEqual(all);
    expect(await storage.jobDocuments.list({ ...of, limit: 2 })).toEqual(all.slice(0, 2));
    expect(await storage.jobDocuments.list({ ...of, after: 'a/ü', limit: 9 })).toEqual(all.slice(2));
  });

  it('are replaced by those of the same key, and belong to one job of one connection', async () => {
    await put(document('a'), document('b'));
    await put(document('b', '2'), document('c', '3'));
    await put();
    await storage.jobDocuments.put('other', 'tables', [document('a', '4')]);
    await storage.jobDocuments.put('default', 'other', [document('a', '5')]);
    expect(await storage.jobDocuments.list({ ...of, limit: 9 })).toEqual([
      ...[document('a'), document('b', '2'), document('c', '3')],
    ]);
    expect(await storage.jobDocuments.list({ ...of, connection: 'other', limit: 9 })).toEqual([
      document('a', '4'),
    ]);
  });

  it('are deleted of all jobs of a connection that is not kept, and stay so after a crash', async () => {
    const connections = ['default', "o'ther", 'Ω'];
    const stored = async () => {
      const jobs = connections.flatMap(connection => ['tables', 'other'].map(job => ({ connection, job })));
      const found = await Promise.all(jobs.map(each => storage.jobDocuments.list({ ...each, limit: 9 })));
      return jobs.flatMap(({ connection, job }, at) =>
        found[at]!.map(({ key }) => [connection, job, key].join()),
      );
    };
    for (const connection of connections)
      for (const job of ['tables', 'other'])
        await storage.jobDocuments.put(connection, job, [document('a'), document('b')]);
    const all = await stored();
    expect(all).toHaveLength(12);
    await storage.jobDocuments.keepOnly([...connections, 'another']);
    expect(await stored()).toEqual(all);
    await storage.jobDocuments.keepOnly(["o'ther"]);
    await storage.crash();
    expect(await stored()).toEqual(all.filter(each => each.startsWith("o'ther")));
    await storage.jobDocuments.keepOnly([]);
    expect(await stored()).toEqual([]);
  });
});
