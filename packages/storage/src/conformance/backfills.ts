import { expect, it } from 'vitest';
import type { BackfillStep } from '../ports/index.ts';
import { endedBackfillsKept } from '../shared/bounds.ts';
import { batchOf } from '../testing/samples.ts';
import { contract } from './contract.ts';

export const backfills = contract('back-fills', storage => {
  const job = {
    connection: 'default',
    source: 's3://bucket/prefix',
    options: '{"a":1}',
    createdAt: 1_000,
    standing: false,
  };
  const file = {
    connection: 'default',
    scope: '',
    version: 'v1',
    unreadable: '',
    path: 's3://bucket/prefix/ä\u0000.avro',
  };
  const step = (id: number, given: Partial<BackfillStep> = {}): BackfillStep => ({
    ...{ id, revision: 0, batches: [], files: [], report: '' },
    ...given,
  });

  it('are running from their creation, and are listed from new to old, after a restart too', async () => {
    const first = await storage.backfills.create(job);
    const second = await storage.backfills.create({ ...job, createdAt: 2_000 });
    await storage.crash();
    const [newest, oldest] = await storage.backfills.list({ before: undefined, limit: 5 });
    expect(newest).toMatchObject({ id: second, createdAt: 2_000 });
    expect(oldest).toEqual({
      ...{ ...job, id: first, state: 'running', changedAt: 1_000 },
      ...{ problem: undefined, report: '', revision: 0 },
    });
    expect(await storage.backfills.list({ before: second, limit: 5 })).toEqual([oldest]);
    expect(await storage.backfills.list({ before: undefined, limit: 1 })).toEqual([newest]);
    expect(await storage.backfills.get(first)).toEqual(oldest);
    expect(await storage.backfills.get(second + 1)).toBeUndefined();
    expect(await storage.backfills.nextRunning()).toEqual(oldest);
  });

  it('stay until there are newer ones that have ended; those of other connections and unfinished ones stay', async () => {
    const create = async (connection: string, end: boolean) => {
      const id = await storage.backfills.create({ ...job, connection });
      if (end) await storage.backfills.change({ id, from: ['running'], to: 'done', at: 2_000 });
      return id;
    };
    const [running, other, oldest] = [
      await create('a', false),
      await create('b', true),
      await create('a', true),
    ];
    for (let newer = 0; newer < endedBackfillsKept; newer++) await create('a', true);
    expect(await storage.backfills.get(oldest)).toBeDefined();
    const last = await create('a', false);
    const found = await storage.backfills.list({ before: undefined, limit: 1_000 });
    const ids = found.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([running, other, last]));
    expect(ids).not.toContain(oldest);
    expect(ids.length).toBe(endedBackfillsKept + 3);
  });

  it('change their state only from the expected ones', async () => {
    const id = await storage.backfills.create(job);
    const failed = {
      id,
      from: ['running', 'paused'],
      to: 'failed',
      at: 2_000,
      problem: 'No access.',
    } as const;
    expect(await storage.backfills.change({ ...failed, from: ['paused'] })).toBe(false);
    expect(await storage.backfills.change(failed)).toBe(true);
    expect(await storage.backfills.change(failed)).toBe(false);
    expect(await storage.backfills.get(id)).toMatchObject({
      ...{ state: 'failed', changedAt: 2_000, problem: 'No access.' },
    });
    expect(await storage.backfills.nextRunning()).toBeUndefined();
    expect(await storage.backfills.change({ id, from: ['failed'], to: 'running', at: 3_000 })).toBe(true);
    expect(await storage.backfills.get(id)).toMatchObject({ state: 'running', problem: undefined });
  });

  it('are next only where they are not standing; standing ones are found until they end', async () => {
    const id = await storage.backfills.create({ ...job, standing: true });
    const other = await storage.backfills.create({ ...job, source: 'other', standing: true });
    const once = await storage.backfills.create(job);
    expect(await storage.backfills.nextRunning()).toMatchObject({ id: once, standing: false });
    await storage.backfills.change({ id, from: ['running'], to: 'paused', at: 2_000 });
    const found = async () => (await storage.backfills.standing()).map(each => [each.id, each.state]);
    expect(await found()).toEqual([
      [id, 'paused'],
      [other, 'running'],
    ]);
    await storage.backfills.change({ id, from: ['paused'], to: 'cancelled', at: 3_000 });
    expect(await found()).toEqual([[other, 'running']]);
    expect(await storage.backfills.advance(step(other, { report: 'x' }))).toBe(1);
    expect(await storage.backfills.get(other)).toMatchObject({ standing: true, report: 'x' });
  });

  it('advance batches, positions and report together, after a crash too', async () => {
    const id = await storage.backfills.create(job);
    const files = [
      { ...file, position: 70, done: false },
      { ...file, path: 'b', position: 90, done: true, unreadable: '[[1,2]]' },
    ];
    const batches = [batchOf('one', { events: 2 }), batchOf('two', { connection: 'default:backfill' })];
    expect(await storage.backfills.advance(step(id, { batches, files, report: '{"events":3}' }))).toBe(1);
    await storage.crash();
    expect(await storage.leasedTexts()).toEqual(['one']);
    expect(await storage.leasedTexts({ connection: 'default:backfill' })).toEqual(['two']);
    expect(await storage.counts()).toMatchObject({ accepted: 2, pending: 2 });
    expect(await storage.backfills.get(id)).toMatchObject({ report: '{"events":3}', revision: 1 });
    const request = { connection: 'default', scope: '', paths: [file.path, 'b', 'c'] };
    const found = await storage.backfills.files(request);
    expect(found.sort((a, b) => a.position - b.position)).toEqual(files);
    for (const other of [{ connection: 'x' }, { scope: 'x' }, { paths: [] }])
      expect(await storage.backfills.files({ ...request, ...other })).toEqual([]);
  });

  it('replace the position of a file', async () => {
    const id = await storage.backfills.create(job);
    await storage.backfills.advance(step(id, { files: [{ ...file, position: 70, done: false }] }));
    const changed = { ...file, version: 'v2', position: 10, done: true, unreadable: '[[3,4]]' };
    await storage.backfills.advance(step(id, { revision: 1, files: [changed] }));
    const { connection, scope, path } = file;
    expect(await storage.backfills.files({ connection, scope, paths: [path] })).toEqual([changed]);
  });

  it('write nothing at another revision or in another state', async () => {
    const id = await storage.backfills.create(job);
    const lost = (revision: number) =>
      step(id, {
        ...{
          batches: [batchOf('lost')],
          files: [{ ...file, position: 1, done: true }],
          report: 'x',
          revision,
        },
      });
    expect(await storage.backfills.advance(lost(1))).toBeUndefined();
    await storage.backfills.change({ id, from: ['running'], to: 'paused', at: 2_000 });
    expect(await storage.backfills.advance(lost(0))).toBeUndefined();
    expect(await storage.journal.counts()).toEqual({});
    expect(await storage.backfills.get(id)).toMatchObject({ report: '', revision: 0 });
    const { connection, scope, path } = file;
    expect(await storage.backfills.files({ connection, scope, paths: [path] })).toEqual([]);
  });

  it('let one of two processes take each step', async () => {
    const id = await storage.backfills.create(job);
    const both = ['a', 'b'].map(text => storage.backfills.advance(step(id, { batches: [batchOf(text)] })));
    expect((await Promise.all(both)).sort()).toEqual([1, undefined]);
    expect(await storage.counts()).toMatchObject({ accepted: 1 });
  });
});
