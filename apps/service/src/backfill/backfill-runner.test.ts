import { type ExportedFile, type FileSource, openSource, SourceError } from '@braze-mixpanel/currents-files';
import { describe, expect, it } from 'vitest';
import { backfillJobs } from '../testing/backfill-jobs.ts';
import { parseReport } from './report.ts';

const click = 'users.messages.email.Click';
const now = Date.UTC(2026, 0, 1);
const { world, events, putFile, run, create, resume, ended, accepted } = backfillJobs(now);
const reportOf = (job: { report: string }) => parseReport(job.report);

describe('a back-fill', () => {
  it('goes on after files that may not be read', async () => {
    await putFile('a.avro', events(5));
    await putFile('b.avro', events(6));
    run({ openSource: async address => failing(await openSource(address), 'a.avro', 'refused') });
    expect(reportOf(await ended(await create()))).toMatchObject({
      files: { read: 1, unreadable: 1 },
      events: { accepted: 6 },
      faults: { shown: [{ path: 'a.avro', offset: 0, message: 'refused.' }] },
    });
  });

  it('continues at the block where the source failed, and accepts nothing twice', async () => {
    const given = events(100);
    await putFile('a.avro', given, 500);
    let opened = 0;
    run({
      openSource: async address => {
        opened += 1;
        return failing(await openSource(address), 'a.avro', 'unavailable', opened * 2_000);
      },
    });
    const job = await ended(await create());
    expect(job.state).toBe('done');
    expect(opened).toBeGreaterThan(2);
    expect((await accepted()).map(event => event.id)).toEqual(given.map(event => event.id));
  });

  it('fails with a sentence when the source stays unavailable, and can be resumed', async () => {
    await putFile('a.avro', events(5));
    let isDown = true;
    run({
      openSource: async address => {
        const source = await openSource(address);
        return isDown ? failing(source, 'a.avro', 'unavailable') : source;
      },
    });
    const id = await create();
    expect(await ended(id)).toMatchObject({ state: 'failed', problem: 'unavailable.' });
    isDown = false;
    await resume(id);
    expect(await ended(id, ['done'])).toMatchObject({ problem: undefined });
    expect(await accepted()).toHaveLength(5);
  });

  it.each(['nothing-here', 'gopher://x'])('fails at once when there is no source: %s', async address => {
    const id = await create({}, { source: address });
    run();
    expect(await ended(id)).toMatchObject({ state: 'failed', problem: expect.stringMatching(/\.$/) });
  });

  it('does nothing while it is paused, and goes on when it is resumed', async () => {
    await putFile('a.avro', events(5));
    const id = await create();
    await world.storage.backfills.change({ id, from: ['running'], to: 'paused', at: now });
    run();
    const other = await ended(await create({ events: [click] }));
    expect(reportOf(other)).toMatchObject({ events: { accepted: 0, notWanted: 5 } });
    expect(await world.storage.backfills.get(id)).toMatchObject({ state: 'paused', revision: 0 });
    await resume(id);
    expect(reportOf(await ended(id))).toMatchObject({ events: { accepted: 5 } });
  });

  it('is read by one of two processes that both run it', async () => {
    const given = events(300);
    await putFile('a.avro', given, 500);
    const id = await create();
    run();
    run();
    await ended(id);
    expect((await accepted()).map(event => event.id)).toEqual(given.map(event => event.id));
  });
});

/** A source one of whose files fails after some bytes. */
function failing(source: FileSource, path: string, code: SourceError['code'], after = 0): FileSource {
  return {
    ...source,
    file(each): ExportedFile {
      const file = source.file(each);
      if (each !== path) return file;
      return {
        path,
        async *open(from) {
          let position = from;
          for await (const bytes of file.open(from)) {
            for (let at = 0; at < bytes.length; at += 100) {
              if (position >= after) throw new SourceError(code, `${code}.`);
              yield bytes.subarray(at, at + 100);
              position += 100;
            }
          }
        },
      };
    },
  };
}
