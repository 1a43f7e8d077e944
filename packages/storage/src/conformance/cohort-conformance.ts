import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewPage } from '../cohort-types.ts';
import type { Storage } from '../ports.ts';
import { bytesOf, type StorageHarness, textOf } from './harness.ts';

/** Every implementation of cohort storage passes this suite; what it says is the contract. */
export function cohortConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  describe(`${name} keeps the contract of cohort storage`, () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await createHarness();
      storage = await harness.open();
    });
    afterEach(async () => {
      await storage.close();
      await harness.dispose();
    });

    const restart = async () => {
      await harness.crash(storage);
      storage = await harness.open();
    };
    const page = (number: number, changes: Partial<NewPage> = {}): NewPage => ({
      sync: 'default:1',
      session: 's1',
      action: 'members',
      page: number,
      total: 2,
      digest: `digest ${number}`,
      members: 3,
      withoutId: 1,
      body: bytesOf(`page ${number}`),
      ...changes,
    });
    const put = async (each: NewPage) => {
      const stored = await storage.cohorts.putPage(each);
      if (stored === undefined) throw new Error('There is one group too many.');
      return stored;
    };
    const runOf = async (...chunks: string[]) => {
      const run = await storage.cohorts.createRun();
      await storage.cohorts.appendChunks(
        chunks.map((text, position) => ({ run, position, body: bytesOf(text) })),
      );
      return run;
    };
    const read = async (run: number, position = 0, limit = 10) =>
      (await storage.cohorts.readChunks({ run, position, limit })).map(({ body }) => textOf(body));

    it('takes a page that is sent again while its group ends', async () => {
      for (let round = 0; round < 40; round += 1) {
        const { group } = await put(page(1));
        await Promise.all([
          put(page(1)),
          storage.cohorts.commit({ endGroups: [{ group, digest: undefined }] }),
          put(page(1)),
        ]);
        const [left] = await storage.cohorts.groups('default:1');
        expect(left?.seen ?? 0).toBeLessThanOrEqual(1);
      }
    });

    it('counts the members of a group, and does not where a former release stored one of its pages', async () => {
      await storage.cohorts.putPage(page(1));
      await storage.cohorts.putPage(page(2, { members: undefined }));
      expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 2, members: undefined }]);
      await storage.cohorts.putPage(page(2, { members: 4 }));
      expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 2, members: 7 }]);
      const [group] = await storage.cohorts.groups('default:1');
      const pages = await storage.cohorts.readPages({ group: group!.id, after: 0, limit: 5 });
      expect(pages.map(({ members }) => members)).toEqual([3, 4]);
    });

    it('keeps documents, runs, pages and history through a crash', async () => {
      const run = await runOf('a', 'b');
      await storage.cohorts.putPage(page(1));
      await storage.cohorts.commit({
        documents: [{ key: 'sync:1', text: '{}' }],
        history: { sync: 'default:1', text: 'first' },
      });
      await restart();
      expect(await storage.cohorts.documents()).toEqual([{ key: 'sync:1', text: '{}' }]);
      expect(await read(run)).toEqual(['a', 'b']);
      expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 1, total: 2, digest: '' }]);
      expect(await storage.cohorts.history({ sync: 'default:1', before: undefined, limit: 5 })).toMatchObject(
        [{ text: 'first' }],
      );
    });

    it('replaces and removes documents', async () => {
      const { cohorts } = storage;
      await cohorts.commit({
        documents: [
          { key: 'a', text: '1' },
          { key: 'b', text: '2' },
        ],
      });
      await cohorts.commit({
        documents: [
          { key: 'a', text: '3' },
          { key: 'b', text: null },
        ],
      });
      expect(await cohorts.documents()).toEqual([{ key: 'a', text: '3' }]);
    });

    it('reads chunks in order, from anywhere, as many as asked for', async () => {
      const run = await runOf('a', 'b', 'c');
      expect(await read(run, 1)).toEqual(['b', 'c']);
      expect(await read(run, 0, 2)).toEqual(['a', 'b']);
      expect(await read(run + 1)).toEqual([]);
    });

    it('drops the runs that nobody names, and never gives their ids again', async () => {
      const kept = await runOf('kept');
      const lost = await runOf('lost');
      await storage.cohorts.keepOnlyRuns([kept]);
      expect([await read(kept), await read(lost)]).toEqual([['kept'], []]);
      expect(await storage.cohorts.createRun()).toBeGreaterThan(lost);
    });

    it('refuses the same chunk twice, and keeps the first', async () => {
      const run = await runOf('first');
      await expect(
        storage.cohorts.appendChunks([{ run, position: 0, body: bytesOf('second') }]),
      ).rejects.toThrow();
      expect(await read(run)).toEqual(['first']);
    });

    it('gathers pages by session and action, each once', async () => {
      const { cohorts } = storage;
      const { group } = await put(page(2));
      await cohorts.putPage(page(1, { session: 's2' }));
      await cohorts.putPage(page(1, { action: 'add_members' }));
      expect(await cohorts.putPage(page(2, { body: bytesOf('again') }))).toEqual({
        group,
        seen: 1,
        total: 2,
      });
      expect(await cohorts.putPage(page(1))).toEqual({ group, seen: 2, total: 2 });
      const [whole, ...others] = await cohorts.groups('default:1');
      expect(whole).toMatchObject({
        id: group,
        session: 's1',
        action: 'members',
        seen: 2,
        members: 6,
        withoutId: 2,
      });
      expect(whole?.digest).not.toBe('');
      expect(others).toMatchObject([{ session: 's2' }, { action: 'add_members' }]);
      const pages = await cohorts.readPages({ group, after: 0, limit: 10 });
      expect(pages.map(({ page: number, body }) => [number, textOf(body)])).toEqual([
        [1, 'page 1'],
        [2, 'again'],
      ]);
      expect(await cohorts.readPages({ group, after: 1, limit: 10 })).toHaveLength(1);
    });

    it('starts a group over when its announced total changes', async () => {
      const first = await put(page(1, { total: 3 }));
      const second = await put(page(2, { total: 2 }));
      expect(second).toMatchObject({ seen: 1, total: 2 });
      expect(second.group).toBeGreaterThan(first.group);
    });

    it('opens no group over a bound, of the sync or of all, and takes further pages of those that are open', async () => {
      const { cohorts } = storage;
      const mostGroups = { ofSync: 2, ofAll: 3 };
      const bounded = (changes: Partial<NewPage>) => cohorts.putPage(page(1, { mostGroups, ...changes }));
      await bounded({ session: 's1' });
      await bounded({ session: 's2' });
      expect(await bounded({ session: 's3' })).toBeUndefined();
      expect(await bounded({ session: 's2', page: 2 })).toMatchObject({ seen: 2 });
      expect(await bounded({ session: 's1', total: 3 })).toMatchObject({ seen: 1, total: 3 });
      expect(await bounded({ sync: 'default:2' })).toMatchObject({ seen: 1 });
      expect(await bounded({ sync: 'default:3' })).toBeUndefined();
      expect(await cohorts.groups('default:1')).toHaveLength(2);
      expect(await cohorts.groups('default:3')).toEqual([]);
    });

    it('sweeps the pages of groups that are not complete, by the moment of their newest page', async () => {
      const { cohorts } = storage;
      await cohorts.putPage(page(1, { session: 'old', total: 3, at: 1_000 }));
      await cohorts.putPage(page(2, { session: 'old', total: 3, at: 2_000 }));
      await cohorts.putPage(page(1, { session: 'going on', total: 3, at: 1_000 }));
      await cohorts.putPage(page(2, { session: 'going on', total: 3, at: 9_000 }));
      await cohorts.putPage(page(1, { session: 'whole', total: 1, at: 1_000 }));
      // A page in place of one that was taken away is none that came.
      await cohorts.putPage(page(2, { session: 'old', total: 3, erase: true }));
      const swept = { delivered: 0, deadLetters: 0, audit: 0, days: 0, broughtBack: 0 };
      expect(await storage.sweep({ cohortPagesBefore: 2_000 })).toEqual({ ...swept, cohortPages: 0 });
      expect(await storage.sweep({ cohortPagesBefore: 2_001 })).toEqual({ ...swept, cohortPages: 2 });
      const left = (await cohorts.groups('default:1')).map(({ session }) => session);
      expect(left).toEqual(['going on', 'whole']);
      // A session that goes on after all begins anew.
      expect(await cohorts.putPage(page(3, { session: 'old', total: 3, at: 9_000 }))).toMatchObject({
        seen: 1,
      });
    });

    it('knows a group again that was ended with its digest', async () => {
      const { cohorts } = storage;
      const gather = async () => {
        await cohorts.putPage(page(1));
        await cohorts.putPage(page(2));
        return (await cohorts.groups('default:1'))[0]!;
      };
      const first = await gather();
      expect(first.endedDigest).toBeUndefined();
      await cohorts.commit({ endGroups: [{ group: first.id, digest: first.digest }] });
      expect(await cohorts.groups('default:1')).toEqual([]);
      const again = await gather();
      expect(again.endedDigest).toBe(again.digest);
    });

    it('does all parts of a commit or none', async () => {
      const { cohorts } = storage;
      const run = await runOf('kept');
      const broken = {
        documents: [{ key: 'a', text: 'x' }],
        dropRuns: [run],
        history: { sync: 's', text: null },
      };
      // A text that is none fails in the last part.
      await expect(cohorts.commit(broken as never)).rejects.toThrow();
      expect(await cohorts.documents()).toEqual([]);
      expect(await read(run)).toEqual(['kept']);
    });

    it('gives history newest first, page by page', async () => {
      const { cohorts } = storage;
      for (const text of ['1', '2', '3']) await cohorts.commit({ history: { sync: 's', text } });
      await cohorts.commit({ history: { sync: 'other', text: 'x' } });
      const [newest, next] = await cohorts.history({ sync: 's', before: undefined, limit: 2 });
      expect([newest?.text, next?.text]).toEqual(['3', '2']);
      expect(await cohorts.history({ sync: 's', before: next!.id, limit: 2 })).toMatchObject([{ text: '1' }]);
    });

    it('drops single entries of a history, and tells a page what of it had no id', async () => {
      const { cohorts } = storage;
      for (const text of ['1', '2', '3']) await cohorts.commit({ history: { sync: 's', text } });
      const [, second] = await cohorts.history({ sync: 's', before: undefined, limit: 5 });
      await cohorts.commit({ dropHistory: [second!.id], erase: true });
      const left = await cohorts.history({ sync: 's', before: undefined, limit: 5 });
      expect(left.map(({ text }) => text)).toEqual(['3', '1']);

      const { group } = await put(page(1, { withoutId: 7 }));
      await cohorts.putPage(page(1, { withoutId: 7, body: bytesOf('less'), erase: true }));
      const [only] = await cohorts.readPages({ group, after: 0, limit: 5 });
      expect({ ...only!, body: textOf(only!.body) }).toEqual({
        page: 1,
        members: 3,
        withoutId: 7,
        body: 'less',
      });
    });

    it('forgets a sync: its pages, digests and history', async () => {
      const { cohorts } = storage;
      await cohorts.putPage(page(1));
      const { group } = await put(page(1, { session: 's2' }));
      await cohorts.commit({
        endGroups: [{ group, digest: 'x' }],
        history: { sync: 'default:1', text: '1' },
      });
      await cohorts.commit({ forget: 'default:1' });
      expect(await cohorts.groups('default:1')).toEqual([]);
      expect(await cohorts.history({ sync: 'default:1', before: undefined, limit: 5 })).toEqual([]);
      await cohorts.putPage(page(1, { session: 's2' }));
      expect((await cohorts.groups('default:1'))[0]?.endedDigest).toBeUndefined();
    });
  });
}
