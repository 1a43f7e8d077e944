import { catalogue2022_06, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import { type FileSource, readCurrentsFile, writeCurrentsFile } from '@braze-mixpanel/currents-files';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backfillJobs } from '../testing/backfill-jobs.ts';
import { parseReport } from './report.ts';

const open = 'users.messages.email.Open';
const click = 'users.messages.email.Click';
const now = Date.UTC(2026, 0, 1);
const { world, events, putFile, run, create, ended, accepted } = backfillJobs(now);
const reportOf = (job: { report: string }) => parseReport(job.report);

/** A source of one file whose size and version stay the same while its bytes change. */
const changingFile = (address: string, size: number, bytes: () => Uint8Array): FileSource => ({
  address,
  list: async function* () {
    yield { path: 'a.avro', size, version: 'v', modifiedAt: 0 };
  },
  file: path => ({
    path,
    open: async function* (from) {
      yield bytes().subarray(from);
    },
  }),
});

describe('a back-fill', () => {
  it('accepts every event of every file once, in the queue of the connection', async () => {
    const [first, second] = [events(30), events(20, click)];
    await putFile('a/one.avro', first);
    await putFile('b/two.avro', second);
    const id = await create();
    run();
    const job = await ended(id);
    expect(job).toMatchObject({ state: 'done', problem: undefined });
    expect((await accepted()).map(event => event.id)).toEqual([...first, ...second].map(event => event.id));
    expect(reportOf(job)).toMatchObject({
      files: { read: 2, damaged: 0, already: 0, passedOver: 0, unreadable: 0, other: 0 },
      events: { accepted: 50, notWanted: 0, tooOld: 0 },
      byType: { [open]: 30, [click]: 20 },
      faults: { count: 0 },
    });
    expect((await world.storage.journal.counts())['main:backfill']).toMatchObject({
      accepted: 50,
      pending: 50,
    });
  });

  it('does nothing the second time, and reads only files that were added or changed', async () => {
    await putFile('a.avro', events(10));
    run();
    await ended(await create());
    expect(reportOf(await ended(await create()))).toMatchObject({
      files: { read: 0, already: 1 },
      events: { accepted: 0 },
    });
    await putFile('a.avro', events(11));
    await putFile('b.avro', events(5));
    expect(reportOf(await ended(await create()))).toMatchObject({
      files: { read: 2, already: 0 },
      events: { accepted: 16 },
    });
  });

  it('reads a file again for other events of it', async () => {
    await putFile('a.avro', [...events(3, open, 1_700_000_000), ...events(4, open, 1_700_000_100)]);
    run();
    const from = 1_700_000_100_000;
    expect(reportOf(await ended(await create({ from })))).toMatchObject({
      events: { accepted: 4, notWanted: 3 },
    });
    expect(reportOf(await ended(await create({ from })))).toMatchObject({ files: { already: 1 } });
    expect(reportOf(await ended(await create({ until: from })))).toMatchObject({
      events: { accepted: 3, notWanted: 4 },
    });
  });

  it('passes over files whose path says that nothing in them is wanted', async () => {
    const path = (type: string, hour: string) => `event_type=${type}/date=${hour}/version=1/prod/f.avro`;
    const time = Date.UTC(2025, 5, 10, 12) / 1_000;
    await putFile(path(open, '2025-06-10-12'), events(1, open, time));
    await putFile(path(open, '2025-06-09-11'), events(1, open, time - 86_400));
    await putFile(path(open, '2025-06-20-00'), events(1, open, time));
    await putFile(path(click, '2025-06-10-12'), events(1, click, time));
    run();
    const wanted = { from: time * 1_000, until: time * 1_000 + 1, events: [open] };
    const job = await ended(await create(wanted));
    expect(reportOf(job)).toMatchObject({
      files: { read: 1, passedOver: 3 },
      events: { accepted: 1, notWanted: 0 },
    });
  });

  it('does not accept what Mixpanel no longer imports, and counts it', async () => {
    await putFile('a.avro', [...events(2, open, now / 1_000 - 6 * 365 * 86_400), ...events(1)]);
    run();
    expect(reportOf(await ended(await create()))).toMatchObject({ events: { accepted: 1, tooOld: 2 } });
  });

  it('reads the rest of files that are damaged, cut off, empty, not Avro or of an unknown codec, and names each place', async () => {
    const whole = await writeCurrentsFile(open, events(60), { blockSize: 500 });
    const damaged = Uint8Array.from(whole).fill(0xff, whole.length / 2, whole.length / 2 + 40);
    await putFile('damaged.avro', damaged);
    await putFile('empty.avro', new Uint8Array());
    await putFile('text.json', new TextEncoder().encode('{"events":[]}'));
    await putFile('truncated.avro', whole.subarray(0, -100));
    const deflated = await writeCurrentsFile(open, events(1), { codec: 'deflate' });
    const unknown = deflated.toString('latin1').replace('deflate', 'unknown');
    await putFile('unknown.avro', Buffer.from(unknown, 'latin1'));
    await putFile('whole.avro', events(5));
    await putFile('without-events.avro', []);
    run();
    const { files, events: counted, faults } = reportOf(await ended(await create()));
    expect(files).toEqual({ read: 2, damaged: 2, already: 0, passedOver: 0, unreadable: 3, other: 0 });
    const inTheMiddle = expect.toSatisfy((offset: number) => offset > 0 && offset < whole.length);
    expect(faults.shown).toMatchObject([
      { path: 'damaged.avro', offset: inTheMiddle, message: expect.stringMatching(/^A block /) },
      { path: 'empty.avro', offset: 0, message: 'The file is empty.' },
      { path: 'text.json', offset: 0, message: 'This is no Avro file.' },
      { path: 'truncated.avro', offset: inTheMiddle, message: 'The file ends within a block.' },
      {
        path: 'unknown.avro',
        offset: 0,
        message: expect.stringContaining('The codec "unknown" is not supported'),
      },
    ]);
    expect(counted.accepted).toBeGreaterThan(60);
    expect(counted.accepted).toBeLessThan(125);
    // What was unreadable is tried again and named again; what was read is not accepted again.
    const again = reportOf(await ended(await create()));
    expect(again).toMatchObject({
      files: { read: 0, damaged: 2, already: 2, unreadable: 3 },
      events: { accepted: 0 },
      faults,
    });
  });

  it('leaves out and counts files of another purpose, by their names and first bytes', async () => {
    await putFile('a.avro', events(3));
    await putFile('without-extension', events(2));
    await putFile('_SUCCESS', new Uint8Array());
    await putFile('readme.txt', Buffer.from('These are exports.'));
    await putFile('cut-off.txt', (await writeCurrentsFile(open, events(2))).subarray(0, 20));
    run();
    const report = reportOf(await ended(await create()));
    expect(report).toMatchObject({
      files: { read: 2, unreadable: 1, other: 2 },
      events: { accepted: 5 },
      faults: { count: 1, shown: [{ path: 'cut-off.txt' }] },
    });
    // They are looked at again, since they may have become Avro.
    expect(reportOf(await ended(await create()))).toMatchObject({ files: { already: 2, other: 2 } });
  });

  it('accepts the rest of a truncated file once it is whole, though its version is the same', async () => {
    const all = events(60);
    const whole = await writeCurrentsFile(open, all, { blockSize: 500 });
    let bytes = whole.subarray(0, -100);
    run({ openSource: async address => changingFile(address, whole.length, () => bytes) });
    const first = reportOf(await ended(await create({}, { source: 'changing' })));
    expect(first).toMatchObject({ files: { read: 0, damaged: 1 }, faults: { count: 1 } });
    bytes = whole;
    const second = reportOf(await ended(await create({}, { source: 'changing' })));
    expect(second).toMatchObject({ files: { read: 1, damaged: 0 }, faults: { count: 0 } });
    expect(second.events.accepted).toBeGreaterThan(0);
    expect((await accepted()).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(reportOf(await ended(await create({}, { source: 'changing' })))).toMatchObject({
      files: { already: 1 },
    });
  });

  it('accepts each event once, whichever blocks are damaged in one back-fill after another', async () => {
    const all = events(40);
    const whole = await writeCurrentsFile(open, all, { blockSize: 400 });
    const ends: number[] = [];
    const file = {
      path: 'a',
      open: async function* (from: number) {
        yield whole.subarray(from);
      },
    };
    for await (const { offset } of readCurrentsFile(file)) ends.push(offset);
    expect(ends.length).toBeGreaterThan(4);
    let source = '';
    let bytes = whole;
    run({ openSource: async address => changingFile(address, whole.length, () => bytes) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.subarray([0, ...ends]), { minLength: 1, maxLength: 3 }), async rounds => {
        source += 'x';
        const before = (await accepted()).length;
        for (const damaged of [...rounds, []]) {
          bytes = Buffer.from(whole);
          for (const offset of damaged) bytes.fill(0xff, offset, offset + 12);
          const { faults, files } = reportOf(await ended(await create({}, { source })));
          expect(files.damaged + files.unreadable).toBe(faults.count > 0 ? 1 : 0);
        }
        const ids = (await accepted()).slice(before).map(({ id }) => id);
        expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['before its hour', -48],
    ['within its hour', 0.5],
    ['hours later, from a clock that was ahead', 3],
  ])(
    'maps an event under the options of the hour of its path when its own time is %s',
    async (_when, hours) => {
      const queued = Date.UTC(2025, 5, 10, 12);
      const changes = [
        [0, catalogue2022_06],
        [queued + 3_600_000, catalogue2026_07],
      ] as const;
      for (const [since, catalogueVersion] of changes)
        await world.storage.mappingHistory.add('main', {
          since,
          options: mappingOptionsText({ catalogueVersion }),
        });
      await putFile(
        `event_type=${open}/date=2025-06-10-12/f.avro`,
        events(1, open, queued / 1_000 + hours * 3_600),
      );
      run();
      await ended(await create());
      const [batch] = await world.storage.journal.pending({
        connection: 'main:backfill',
        after: 0,
        limit: 2,
      });
      expect(parseMappingOptions(batch!.profile).catalogueVersion.id).toBe('2022-06');
    },
  );
});
