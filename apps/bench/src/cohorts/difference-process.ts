import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { difference, RunWriter } from '@braze-mixpanel/core/cohorts';

/**
 * One step of the measurement of the difference, in a separate process with its own memory figure. `write`
 * creates a run of `members` keys on disk, `compare` reads and compares two of them.
 *
 * The file contains chunks as the service stores them: compressed, each preceded by its length.
 */
export type FromDifference =
  | { kind: 'written'; rawBytes: number }
  | { kind: 'compared'; changes: number; seconds: number };

const [step, folder, members] = [process.argv[2], process.argv[3]!, Number(process.argv[4])];
const sendMessage = (message: FromDifference) => process.send?.(message);

if (step === 'write')
  sendMessage({ kind: 'written', rawBytes: await write(process.argv[5]!, Number(process.argv[6])) });
else sendMessage(await compare());
process.on('disconnect', () => process.exit());

/** All keys except every hundredth, starting at index `without`. */
async function write(name: string, without: number): Promise<number> {
  const file = await open(join(folder, name), 'w');
  const writer = new RunWriter();
  const encoder = new TextEncoder();
  const key = new Uint8Array(64);
  let rawBytes = 0;
  const keep = async (chunk: Uint8Array | undefined) => {
    if (!chunk) return;
    rawBytes += chunk.length;
    const body = deflateRawSync(chunk, { level: 1 });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    await file.write(Buffer.concat([length, body]));
  };
  for (let index = 0; index < members; index++) {
    if (index % 100 === without) continue;
    const { written } = encoder.encodeInto(`ecustomer-${String(index).padStart(13, '0')}`, key);
    writer.push(key, 0, written);
    await keep(writer.takeFull());
  }
  await keep(writer.takeRest());
  await file.close();
  return rawBytes;
}

async function compare(): Promise<FromDifference> {
  const begun = performance.now();
  let changes = 0;
  for await (const batch of difference(read('known'), read('target'))) changes += batch.length;
  return { kind: 'compared', changes, seconds: (performance.now() - begun) / 1_000 };
}

async function* read(name: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(join(folder, name))) {
    rest = Buffer.concat([rest, piece as Buffer]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE(0)) {
      const end = 4 + rest.readUInt32LE(0);
      yield inflateRawSync(rest.subarray(4, end), { chunkSize: 128 * 1024 });
      rest = rest.subarray(end);
    }
  }
}
