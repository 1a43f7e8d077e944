import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
// As a namespace: before 22.15, Node has no zstandard, and all else works.
import * as zlib from 'node:zlib';
import { type CatalogueVersion, type CurrentsEvent, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import avro from 'avsc';
import type { CodecName } from '../container/codecs.ts';
import { recordOfEvent } from './record-of-event.ts';
import { storageSchema } from './storage-schema.ts';
import { type StoredType, storedTypes } from './stored-types.ts';

/** Options of {@link writeCurrentsFile}. */
export interface WriteOptions {
  /** `null` by default, as Braze's files; then the file has no codec entry. */
  readonly codec?: CodecName;
  /** Bytes of records in a block, at least; 64 kB by default. */
  readonly blockSize?: number;
  /** Of the schema; 2026-07 by default. */
  readonly catalogueVersion?: CatalogueVersion;
}

/**
 * Avro object container file with events of one type, as a storage export has them.
 *
 * @throws Error if the catalogue version lacks the event type, or a value does not have the type of its field
 * @example
 * ```ts
 * import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
 *
 * const file = await writeCurrentsFile('users.messages.email.Open', []);
 * console.log(file.subarray(0, 3).toString()); // Obj
 * ```
 */
export async function writeCurrentsFile(
  eventType: string,
  events: readonly CurrentsEvent[],
  { codec = 'null', blockSize = 65_536, catalogueVersion = catalogue2026_07 }: WriteOptions = {},
): Promise<Buffer> {
  const type = storedTypes(catalogueVersion).get(eventType);
  if (type === undefined)
    throw new Error(`The storage export of ${catalogueVersion.id} has no ${JSON.stringify(eventType)}.`);
  return encode(type, events, codec, blockSize);
}

type Done = (error: Error | null, result?: Buffer) => void;

async function encode(
  type: StoredType,
  events: readonly CurrentsEvent[],
  codec: CodecName,
  blockSize: number,
): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(storageSchema(type), {
    blockSize,
    writeHeader: 'always',
    codec,
    codecs: {
      null: (data: Buffer, done: Done) => done(null, data),
      deflate: zlib.deflateRaw,
      zstandard: zlib.zstdCompress,
      snappy: (data: Buffer, done: Done) => {
        import('../container/snappy.ts').then(({ compressSnappy }) => done(null, compressSnappy(data)), done);
      },
    },
  });
  const whole = buffer(encoder);
  for (const event of events) encoder.write(recordOfEvent(type, event));
  encoder.end();
  return Buffer.from(await whole);
}
