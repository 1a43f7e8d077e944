import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { describe, expect, it } from 'vitest';
import { backfillJobs } from '../../testing/backfill-jobs.ts';
import { exhaustedReaders } from '../../testing/exhausted-reader.ts';
import { parseReport } from '../report.ts';
import type { ReaderError } from './step-reader.ts';

const jobs = backfillJobs(Date.UTC(2026, 0, 2));
const open = 'users.messages.email.Open';
const outOfMemory = 'ERR_WORKER_OUT_OF_MEMORY';

const acceptedIds = async () => (await jobs.accepted()).map(({ id }) => id);

describe('a back-fill whose reading thread runs out of memory', { timeout: 120_000 }, () => {
  it('goes on with another thread where the last step ended, and accepts each event once', async () => {
    const events = jobs.events(5_000);
    await jobs.putFile('a.avro', events, 20_000);
    const readers = exhaustedReaders([0, 1]);
    jobs.run(readers);
    const { state, report } = await jobs.ended(await jobs.create());
    expect([state, readers.errors]).toEqual(['done', [outOfMemory, outOfMemory]]);
    expect(await acceptedIds()).toEqual(events.map(({ id }) => id));
    expect(parseReport(report).events.accepted).toBe(5_000);
  });

  it('fails with its sentence after ten times without progress, keeps what was read, and can be resumed', async () => {
    const events = jobs.events(5_000);
    const ids = events.map(({ id }) => id);
    await jobs.putFile('a.avro', events, 20_000);
    const readers = exhaustedReaders([1]);
    let sentence: ReaderError | undefined;
    let isBroken = true;
    // The first thread dies for its memory; those behind it end at once with what it ended with.
    jobs.run({
      startReader: source => {
        const reader = readers.startReader(source);
        return {
          close: () => reader.close(),
          async *read(...given) {
            if (sentence !== undefined && isBroken) throw sentence;
            try {
              yield* reader.read(...given);
            } catch (error) {
              sentence = error as ReaderError;
              throw error;
            }
          },
        };
      },
    });
    const id = await jobs.create();
    const { state, problem, report } = await jobs.ended(id);
    expect([state, readers.errors]).toEqual(['failed', [outOfMemory]]);
    expect(problem).toMatch(/^The thread that reads the files ended by itself \(.*memory.*\)\. .* resume /);
    const before = await acceptedIds();
    expect(before).toEqual(ids.slice(0, before.length));
    expect(before.length).toBeGreaterThan(0);
    expect(parseReport(report).events.accepted).toBe(before.length);
    isBroken = false;
    await jobs.resume(id);
    expect((await jobs.ended(id, ['done'])).state).toBe('done');
    expect(await acceptedIds()).toEqual(ids);
  });

  it('does not do so for a record of any size: it is named, and all others are accepted', async () => {
    const [first, huge, last] = jobs.events(3);
    const long = { ...huge!, properties: { user_agent: 'x'.repeat(100_000_000) } };
    await jobs.putFile('a.avro', await writeCurrentsFile(open, [first!, long, last!], { codec: 'deflate' }));
    const readers = exhaustedReaders([]);
    jobs.run(readers);
    const { state, report } = await jobs.ended(await jobs.create());
    expect([state, readers.errors]).toEqual(['done', []]);
    expect(await acceptedIds()).toEqual([first!.id, last!.id]);
    const message = expect.stringMatching(/^A record has 1000\d+ bytes, more than 4194304\.$/);
    expect(parseReport(report)).toMatchObject({
      files: { read: 1, damaged: 0 },
      faults: { count: 1, shown: [{ path: 'a.avro', message, records: 1 }] },
    });
    const again = await jobs.ended(await jobs.create());
    expect(parseReport(again.report)).toMatchObject({ files: { already: 1 }, faults: { count: 0 } });
  });
});
