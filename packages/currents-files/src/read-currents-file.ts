import type { Buffer } from 'node:buffer';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { ByteWindow } from './container/byte-window.ts';
import { codecNames, codecOf, type Decompress } from './container/codecs.ts';
import { type ContainerHeader, readHeader } from './container/header.ts';
import { readBlocks } from './container/read-blocks.ts';
import { pathFacts } from './records/event-type.ts';
import { longestRecord, type RecordReader, recordReader } from './records/record-reader.ts';

/** A file of a storage export, wherever it is stored. */
export interface ExportedFile {
  /** Path below the source, which may have the event type and the hour. */
  readonly path: string;
  /** The bytes from a position, in chunks of any size. */
  open(from: number): AsyncIterable<Uint8Array>;
}

/** What a file holds at one place. Positions are in bytes. */
export type FileItem =
  | {
      readonly kind: 'events';
      /** Position of the block. */
      readonly offset: number;
      readonly events: readonly CurrentsEvent[];
      /** Position from which reading may be resumed; only with the last events of a block. */
      readonly resumeAt?: number;
    }
  /** What can't be read, and why, as a sentence. The rest of the file is read nevertheless. */
  | {
      readonly kind: 'fault';
      readonly offset: number;
      readonly message: string;
      /** Records that are lost; absent if that is not known. */
      readonly records?: number;
      /** Present for a record that is too long, which another reading cannot change. The rest of its block is read. */
      readonly isTooLong?: true;
      readonly resumeAt?: number;
      /** False for a file that is empty or does not begin as Avro files do: it may have another purpose. */
      readonly isAvro?: false;
    };

/** Options of {@link readCurrentsFile}. */
export interface ReadOptions {
  /** `resumeAt` of an earlier item; the start of the file by default. */
  readonly from?: number;
  /** Most events of one item; 500 by default. */
  readonly most?: number;
}

/**
 * Events of one file of a Currents storage export, in the form of the Custom HTTP connector. Memory does not
 * grow with the file: one block is held at a time. Never throws because of what a file holds; an error of
 * `open` is thrown as it is.
 *
 * The event type is that of the path, otherwise that of the schema. Blocks are read whole or not at all: of a
 * damaged block, no event is returned.
 *
 * @see https://avro.apache.org/docs/1.12.0/specification/#object-container-files
 * @example
 * ```ts
 * import { readCurrentsFile, writeCurrentsFile } from '@braze-mixpanel/currents-files';
 *
 * const event = { id: 'e-1', time: 1_780_000_000, user: { user_id: 'b-1' }, properties: {} };
 * const type = 'users.messages.email.Open';
 * const bytes = await writeCurrentsFile(type, [{ event_type: type, ...event }]);
 * const file = { path: 'open.avro', open: async function* (from: number) { yield bytes.subarray(from); } };
 * for await (const item of readCurrentsFile(file))
 *   if (item.kind === 'events') console.log(item.events.length); // 1
 * ```
 */
export async function* readCurrentsFile(
  file: ExportedFile,
  { from = 0, most = 500 }: ReadOptions = {},
): AsyncGenerator<FileItem> {
  const opened = await openFile(file);
  if ('fault' in opened) {
    const { fault, isAvro } = opened;
    yield { kind: 'fault', offset: 0, message: fault, ...(isAvro === false && { isAvro }) };
    return;
  }
  let { window } = opened;
  const { header, decompress, records } = opened;
  try {
    if (from > window.offset) {
      await window.close();
      window = new ByteWindow(file.open(from), from);
    }
    for await (const block of readBlocks(window, header)) {
      if (block.kind === 'fault') {
        yield { kind: 'fault', offset: block.offset, message: block.message, resumeAt: block.end };
        continue;
      }
      const fault = (message: string): FileItem => ({
        kind: 'fault',
        offset: block.offset,
        message,
        records: block.records,
        resumeAt: block.end,
      });
      let data: Buffer;
      try {
        data = await decompress(block.data);
      } catch {
        yield fault(`A block cannot be decompressed (${header.codec}).`);
        continue;
      }
      const longest = records.longest(data, block.records);
      if (longest !== undefined) yield* eventsOf(records, data, block, { most, longest });
      else yield fault('A block does not hold the records that the schema describes.');
    }
  } finally {
    await window.close();
  }
}

function* eventsOf(
  records: RecordReader,
  data: Buffer,
  { offset, end, ...block }: { readonly offset: number; readonly end: number; readonly records: number },
  { most, longest }: { readonly most: number; readonly longest: number },
): Generator<FileItem> {
  const isBounded = longest > longestRecord;
  let position = 0;
  let left = block.records;
  do {
    const { events, next } = records.read(data, position, most, isBounded);
    position = next;
    left -= events.length;
    yield { kind: 'events', offset, events, ...(position >= data.length && !isBounded && { resumeAt: end }) };
  } while (position < data.length);
  if (!isBounded) return;
  const message = `A record has ${longest} bytes, more than ${longestRecord}.`;
  yield { kind: 'fault', offset, message, records: left, resumeAt: end, isTooLong: true };
}

interface OpenFile {
  readonly window: ByteWindow;
  readonly header: ContainerHeader;
  readonly decompress: Decompress;
  readonly records: RecordReader;
}

async function openFile(file: ExportedFile): Promise<OpenFile | { fault: string; isAvro?: false }> {
  const window = new ByteWindow(file.open(0), 0);
  const header = await readHeader(window);
  const opened = 'fault' in header ? header : await withReaders(window, header, file.path);
  if ('fault' in opened) await window.close();
  return opened;
}

async function withReaders(
  window: ByteWindow,
  header: ContainerHeader,
  path: string,
): Promise<OpenFile | { fault: string }> {
  const decompress = await codecOf(header.codec);
  if (decompress === undefined) {
    const known = codecNames.join(', ');
    return {
      fault: `The codec ${JSON.stringify(header.codec.slice(0, 40))} is not supported; expected ${known}.`,
    };
  }
  try {
    return { window, header, decompress, records: recordReader(header.schema, pathFacts(path).eventType) };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return { fault: `The schema of the file cannot be read: ${why}` };
  }
}
