import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CurrentsEvent, catalogue2022_06, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import {
  type ExportedFile,
  type FileSource,
  openSource,
  SourceError,
  writeCurrentsFile,
} from '@braze-mixpanel/currents-files';
import { type Backfill, openStorage, type Storage } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readInProcess } from '../testing/read-in-process.ts';
import { BackfillRunner } from './backfill-runner.ts';
import { parseReport } from './report.ts';
import type { Wanted } from './wanted.ts';

const open = 'users.messages.email.Open';
const click = 'users.messages.email.Click';
const now = Date.UTC(2026, 0, 1);
const mapping = mappingOptionsText({ catalogueVersion: catalogue2022_06 });

let folder: string;
let storage: Storage;
let runners: BackfillRunner[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-'));
  storage = await openStorage('sqlite::memory:');
  runners = [];
});
afterEach(async () => {
  for (const runner of runners) await runner.close();
  await storage.close();
  await rm(folder, { recursive: true });
});

let ids = 0;
const events = (count: number, type = open, time = now / 1_000 - 3_600): CurrentsEvent[] =>
  Array.from({ length: count }, () => ({
    event_type: type,
    id: `event-${++ids}`,
    time,
    user: { user_id: 'b', external_user_id: 'u' },
    properties: {},
  }));

async function putFile(path: string, given: readonly CurrentsEvent[] | Uint8Array, blockSize = 1_000) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  const bytes =
    given instanceof Uint8Array
      ? given
      : await writeCurrentsFile(given[0]?.event_type ?? open, given, { blockSize });
  await writeFile(join(folder, path), bytes);
  return bytes;
}

function run(changed: { openSource?: typeof openSource } = {}): BackfillRunner {
  const runner = new BackfillRunner({
    backfills: storage.backfills,
    journal: storage.journal,
    mappingHistory: storage.mappingHistory,
    openSource,
    readExport: async () => undefined,
    redactOf: () => body => body,
    startReader: readInProcess,
    onAccepted: () => undefined,
    logger: pino({ level: 'silent' }),
    now: () => now,
    wait: async () => undefined,
    ...changed,
  });
  runners.push(runner);
  return runner;
}

async function create(wanted: Wanted = {}, source = folder): Promise<number> {
  const options = JSON.stringify({ wanted, mapping });
  const id = await storage.backfills.create({
    connection: 'main',
    source,
    options,
    createdAt: now,
    standing: false,
  });
  for (const runner of runners) runner.wake();
  return id;
}

async function resume(id: number): Promise<void> {
  await storage.backfills.change({ id, from: ['failed', 'paused'], to: 'running', at: now });
  for (const runner of runners) runner.wake();
}

const ended = (id: number, states: readonly Backfill['state'][] = ['done', 'failed']): Promise<Backfill> =>
  vi.waitFor(
    async () => {
      const job = await storage.backfills.get(id);
      if (job === undefined || !states.includes(job.state)) throw new Error(`The job is ${job?.state}.`);
      return job;
    },
    { timeout: 10_000, interval: 5 },
  );

const reportOf = (job: Backfill) => parseReport(job.report);

async function accepted(): Promise<CurrentsEvent[]> {
  const batches = await storage.journal.pending({ connection: 'main:backfill', after: 0, limit: 1_000 });
  return batches.flatMap(({ body }) => JSON.parse(new TextDecoder().decode(body)).events);
}

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
      files: { read: 2, already: 0, passedOver: 0, unreadable: 0 },
      events: { accepted: 50, notWanted: 0, tooOld: 0 },
      byType: { [open]: 30, [click]: 20 },
      faults: { count: 0 },
    });
    expect((await storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 50, pending: 50 });
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
    expect(files).toEqual({ read: 4, already: 0, passedOver: 0, unreadable: 3 });
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
    // What was unreadable is tried again; what was read is not.
    expect(reportOf(await ended(await create()))).toMatchObject({ files: { already: 4, unreadable: 3 } });
  });

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
    const id = await create({}, address);
    run();
    expect(await ended(id)).toMatchObject({ state: 'failed', problem: expect.stringMatching(/\.$/) });
  });

  it('does nothing while it is paused, and goes on when it is resumed', async () => {
    await putFile('a.avro', events(5));
    const id = await create();
    await storage.backfills.change({ id, from: ['running'], to: 'paused', at: now });
    run();
    const other = await ended(await create({ events: [click] }));
    expect(reportOf(other)).toMatchObject({ events: { accepted: 0, notWanted: 5 } });
    expect(await storage.backfills.get(id)).toMatchObject({ state: 'paused', revision: 0 });
    await resume(id);
    expect(reportOf(await ended(id))).toMatchObject({ events: { accepted: 5 } });
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
        await storage.mappingHistory.add('main', {
          since,
          options: mappingOptionsText({ catalogueVersion }),
        });
      await putFile(
        `event_type=${open}/date=2025-06-10-12/f.avro`,
        events(1, open, queued / 1_000 + hours * 3_600),
      );
      run();
      await ended(await create());
      const [batch] = await storage.journal.pending({ connection: 'main:backfill', after: 0, limit: 2 });
      expect(parseMappingOptions(batch!.profile).catalogueVersion.id).toBe('2022-06');
    },
  );

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
