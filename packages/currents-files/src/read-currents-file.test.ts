import { Buffer } from 'node:buffer';
import {
  type CurrentsEvent,
  catalogue2022_06,
  catalogue2026_07,
  glossary2026_07,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecNames, fileDifferences, writeCurrentsFile } from './index.ts';
import { eventsOf, faultsOf, memoryFile, readAll } from './testing/files.ts';

const open = 'users.messages.email.Open';

function samples(eventType: string, count: number): CurrentsEvent[] {
  const random = seededRandom(count);
  const entry = catalogue2026_07.byType.get(eventType)!;
  return Array.from({ length: count }, (_, index) =>
    sampleEvent(entry, {
      random,
      time: 1_780_000_000 + index,
      externalUserId: `user-${index}`,
      unlisted: true,
    }),
  );
}

/** An event as far as a file can hold it. */
function asFiled(event: CurrentsEvent): CurrentsEvent {
  const { missing = [], missingOfUser = [] } = fileDifferences(event.event_type) ?? {};
  const stored = new Set(
    glossary2026_07.find(each => each.eventType === event.event_type)?.storage.map(field => field.name),
  );
  const without = (values: object, names: readonly string[]) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
  const user = without(event.user, missingOfUser);
  return {
    ...event,
    user: Object.fromEntries(Object.entries(user).filter(([name]) => stored.has(name))),
    properties: without(event.properties, missing),
  };
}

describe('an exported file', () => {
  it.each(
    catalogue2026_07.entries
      .filter(({ eventType }) => glossary2026_07.some(each => each.eventType === eventType))
      .map(({ eventType }) => eventType),
  )(
    'of %s holds the events of the Custom HTTP connector, but for the listed differences',
    async eventType => {
      const events = samples(eventType, 3);
      const items = await readAll(memoryFile(await writeCurrentsFile(eventType, events)));
      expect(faultsOf(items)).toEqual([]);
      expect(eventsOf(items)).toEqual(events.map(asFiled));
    },
  );

  it.each(codecNames)('is read with the codec %s, in chunks of any size', async codec => {
    const events = samples(open, 200);
    const bytes = await writeCurrentsFile(open, events, { codec, blockSize: 4_000 });
    for (const chunk of [1, 17, bytes.length])
      expect(eventsOf(await readAll(memoryFile(bytes, 'a.avro', chunk)))).toEqual(events.map(asFiled));
  });

  it('is read from the end of each of its blocks on, and each event once', async () => {
    const events = samples(open, 60).map(asFiled);
    const bytes = await writeCurrentsFile(open, events, { codec: 'deflate', blockSize: 3_000 });
    const items = await readAll(memoryFile(bytes), { most: 7 });
    const ends = items.flatMap(({ resumeAt }, index) =>
      resumeAt === undefined ? [] : [{ resumeAt, index }],
    );
    expect(ends.length).toBeGreaterThan(3);
    for (const { resumeAt, index } of ends) {
      const before = eventsOf(items.slice(0, index + 1));
      const after = eventsOf(await readAll(memoryFile(bytes), { from: resumeAt }));
      expect([...before, ...after]).toEqual(events);
    }
  });

  it('may hold no events', async () => {
    expect(await readAll(memoryFile(await writeCurrentsFile(open, [])))).toEqual([]);
  });

  it('names its event type by its path first, then by its schema', async () => {
    const bytes = await writeCurrentsFile(open, samples(open, 1));
    const typeAt = async (path: string) => eventsOf(await readAll(memoryFile(bytes, path)))[0]?.event_type;
    expect(await typeAt('a.avro')).toBe(open);
    const path = 'p/event_type=users.messages.email.Click/date=2026-07-21-10/version=3/prod/a.avro';
    expect(await typeAt(path)).toBe('users.messages.email.Click');
  });
});

async function fileOf(schema: avro.Schema, records: object[]): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(schema);
  const chunks: Buffer[] = [];
  const ended = new Promise(resolve => encoder.on('end', resolve));
  encoder.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const record of records) encoder.write(record);
  encoder.end();
  await ended;
  return Buffer.concat(chunks);
}

describe('a schema of another release', () => {
  const record = (fields: [string, avro.Schema][], name = 'dataexport.S3.inner.users.messages.email.Open') =>
    ({ type: 'record', name, fields: fields.map(([field, type]) => ({ name: field, type })) }) as avro.Schema;

  it('may have fields that the glossary lacks, which are kept, and lack others', async () => {
    const schema = record([
      ['id', 'string'],
      ['time', 'long'],
      ['new_field', ['null', 'string']],
      ['scores', { type: 'array', items: 'int' }],
      ['either', ['null', 'int', 'float']],
    ]);
    const bytes = await fileOf(schema, [
      {
        id: 'e-1',
        time: 1_780_000_000,
        new_field: 'x',
        scores: [1, 2],
        either: { float: Math.fround(3.14) },
      },
    ]);
    expect(eventsOf(await readAll(memoryFile(bytes)))).toEqual([
      {
        event_type: open,
        id: 'e-1',
        time: 1_780_000_000,
        user: {},
        properties: { new_field: 'x', scores: [1, 2], either: 3.14 },
      },
    ]);
  });

  it('may lack the ID and the time, so that the event shows what is missing', async () => {
    const bytes = await fileOf(record([['user_id', 'string']]), [{ user_id: 'b-1' }]);
    const [event] = eventsOf(await readAll(memoryFile(bytes)));
    expect([event?.id, event?.time, event?.user]).toEqual([undefined, undefined, { user_id: 'b-1' }]);
  });

  it('may name an event type that no glossary has', async () => {
    const bytes = await fileOf(
      record([['id', 'string']], 'com.example.dataexport.S3.inner.users.messages.kakao.Send'),
      [{ id: 'e' }],
    );
    expect(eventsOf(await readAll(memoryFile(bytes)))[0]?.event_type).toBe('users.messages.kakao.Send');
  });

  it('keeps a text of free properties that is not JSON', async () => {
    const schema = record(
      [
        ['id', 'string'],
        ['properties', 'string'],
      ],
      'dataexport.S3.inner.users.behaviors.Purchase',
    );
    const bytes = await fileOf(schema, [
      { id: 'e', properties: '{bad' },
      { id: 'f', properties: '' },
    ]);
    const events = eventsOf(await readAll(memoryFile(bytes)));
    expect(events.map(({ properties }) => properties)).toEqual([{ purchase_properties: '{bad' }, {}]);
  });
});

describe('a file that cannot be read whole', () => {
  const events = samples(open, 40).map(asFiled);
  const written = writeCurrentsFile(open, events, { blockSize: 3_000 });

  it.each([
    ['', { message: 'The file is empty.', isAvro: false }],
    ['{"events":[]}', { message: 'This is no Avro file.', isAvro: false }],
    ['Obj\u0001', { message: 'The file ends within its header.' }],
  ])('is a fault as a whole if it contains %j', async (text, fault) => {
    const items = await readAll(memoryFile(Buffer.from(text, 'latin1')));
    expect(items).toEqual([{ kind: 'fault', offset: 0, ...fault }]);
  });

  it('is a fault as a whole if its codec or its schema is unknown', async () => {
    const bytes = (await written).toString('latin1');
    const broken = bytes.replace('"type":"record"', '"type":"rekord"');
    const [fault] = await readAll(memoryFile(Buffer.from(broken, 'latin1')));
    expect(fault).toMatchObject({
      kind: 'fault',
      message: expect.stringContaining('The schema of the file cannot be read'),
    });
    const deflated = (await writeCurrentsFile(open, events, { codec: 'deflate' })).toString('latin1');
    const [unknown] = await readAll(
      memoryFile(Buffer.from(deflated.replace('deflate', 'deflatf'), 'latin1')),
    );
    expect(unknown).toMatchObject({
      message: 'The codec "deflatf" is not supported; expected null, deflate, zstandard, snappy.',
    });
  });

  it('yields the events of its whole blocks if it is cut off anywhere', async () => {
    const bytes = await written;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async length => {
        const items = await readAll(memoryFile(bytes.subarray(0, length)));
        const read = eventsOf(items);
        expect(read).toEqual(events.slice(0, read.length));
        if (read.length < events.length && items.every(({ kind }) => kind === 'events'))
          expect(items.at(-1)?.resumeAt).toBe(length);
      }),
    );
  });

  it('costs one block only if one block is damaged, and says where', async () => {
    const bytes = await written;
    const blocks = (await readAll(memoryFile(bytes))).filter(item => item.kind === 'events');
    expect(blocks.length).toBeGreaterThan(3);
    for (const { offset } of blocks) {
      const damaged = Buffer.from(bytes);
      damaged.fill(0xff, offset, offset + 12);
      const items = await readAll(memoryFile(damaged));
      const others = blocks.filter(block => block.offset !== offset);
      expect(eventsOf(items)).toEqual(eventsOf(others));
      expect(faultsOf(items)).toMatchObject([{ offset, message: 'A block is damaged.' }]);
    }
  });

  it.each(['deflate', 'zstandard', 'snappy'] as const)(
    'names a %s block that does not decompress, with the number of its records',
    async codec => {
      const bytes = await writeCurrentsFile(open, events, { codec, blockSize: 3_000 });
      const [first, ...rest] = (await readAll(memoryFile(bytes))).filter(item => item.kind === 'events');
      const damaged = Buffer.from(bytes);
      damaged.fill(0xff, first!.offset + 6, first!.offset + 40);
      const items = await readAll(memoryFile(damaged));
      expect(faultsOf(items)).toMatchObject([{ offset: first!.offset, records: first!.events.length }]);
      expect(eventsOf(items)).toEqual(eventsOf(rest));
    },
  );

  it('names a Snappy block whose checksum is that of other data', async () => {
    const bytes = await writeCurrentsFile(open, events, { codec: 'snappy', blockSize: 3_000 });
    const [first, ...rest] = (await readAll(memoryFile(bytes))).filter(item => item.kind === 'events');
    // The last byte before the sync marker, of 16 bytes.
    const at = first!.resumeAt! - 17;
    bytes[at] = bytes[at]! ^ 1;
    const items = await readAll(memoryFile(bytes));
    const message = 'A block cannot be decompressed (snappy).';
    expect(faultsOf(items)).toMatchObject([
      { offset: first!.offset, records: first!.events.length, message },
    ]);
    expect(eventsOf(items)).toEqual(eventsOf(rest));
  });

  it.each(['null', 'deflate'] as const)(
    'gives all events of a block but those over 4 MB, which it names (%s)',
    async codec => {
      const [first, second, ...rest] = events.slice(0, 10);
      const long = (event: CurrentsEvent, bytes: number) => ({
        ...event,
        properties: { user_agent: 'x'.repeat(bytes) },
      });
      const fits = long(first!, 4_000_000);
      const all = [...rest, long(second!, 50_000_000), fits, long(second!, 4_200_000), ...rest];
      const bytes = await writeCurrentsFile(open, all, { codec, blockSize: 100_000_000 });
      const items = await readAll(memoryFile(bytes, 'a.avro', 1_000_000));
      expect(eventsOf(items).map(({ id }) => id)).toEqual([...rest, fits, ...rest].map(({ id }) => id));
      const message = expect.stringMatching(/^A record has 50000\d+ bytes, more than 4194304\.$/);
      const [fault] = faultsOf(items);
      expect(faultsOf(items)).toMatchObject([{ message, records: 2, isTooLong: true }]);
      expect(items.filter(({ resumeAt }) => resumeAt !== undefined)).toEqual([fault]);
    },
  );

  it('never throws, whichever bytes are changed', async () => {
    const bytes = await written;
    const change = fc.record({
      at: fc.integer({ min: 0, max: bytes.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async changes => {
        const damaged = Buffer.from(bytes);
        for (const { at, byte } of changes) damaged[at] = byte;
        const items = await readAll(memoryFile(damaged));
        expect(items.length).toBeGreaterThan(0);
      }),
    );
  });

  it('throws the error of its source', async () => {
    const file = {
      path: 'a.avro',
      async *open(): AsyncIterable<Uint8Array> {
        yield (await written).subarray(0, 2_000);
        throw new Error('the bucket is gone');
      },
    };
    await expect(readAll(file)).rejects.toThrow('the bucket is gone');
  });
});

describe('the differences of files', () => {
  it('name what a file cannot hold', () => {
    expect(fileDifferences('users.messages.contentcard.Click')?.missing).toContain('dispatch_id');
    expect(fileDifferences('users.behaviors.Location')?.rounded).toContain('latitude');
    expect(fileDifferences('users.messages.email.Send')?.missingOfUser).toEqual(['device_id']);
    expect(fileDifferences('users.profile.Update')).toBeUndefined();
  });

  it('leave no property of 2022-06 out that files have', () => {
    for (const { eventType, properties } of catalogue2022_06.entries) {
      const stored = glossary2026_07.find(each => each.eventType === eventType)?.storage ?? [];
      const filed = new Set(stored.map(({ name }) => name));
      const missing = fileDifferences(eventType)?.missing ?? [];
      for (const { wire } of properties) if (filed.has(wire)) expect(missing).not.toContain(wire);
    }
  });
});
