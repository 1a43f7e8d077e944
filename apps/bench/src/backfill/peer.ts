import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import type { ExportedFiles } from './exported-files.ts';
import type { FromPeer, PeerSettings } from './peer-process.ts';

/**
 * Imported events per second of `mixpanel-import`, from the file of mapped events to the same sink.
 *
 * @param folder where it is installed: `npm install --prefix <folder> mixpanel-import`
 */
export async function measurePeer(
  folder: string,
  files: ExportedFiles,
  signal: AbortSignal,
): Promise<number> {
  const main = join(folder, 'node_modules/mixpanel-import/index.js');
  await access(main).catch(() => {
    throw new Error(`${main} is not there. Run: npm install --prefix ${folder} mixpanel-import`);
  });
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using peer = startChild<FromPeer>(new URL('./peer-process.ts', import.meta.url), [
    `http://127.0.0.1:${port}`,
  ]);
  peer.send({ main: pathToFileURL(main).href, file: files.ndjson } satisfies PeerSettings);
  const { seconds } = await peer.next((message): message is FromPeer => message.kind === 'done', signal);
  return files.distinctEvents / seconds;
}
