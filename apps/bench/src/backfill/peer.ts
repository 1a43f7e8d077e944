import { runPeer } from '../peers/run-peer.ts';
import type { ExportedFiles } from './exported-files.ts';

/**
 * Imported events per second of `mixpanel-import`, from the file of mapped events to the same sink.
 *
 * @param folder where it is installed: `npm install --prefix <folder> mixpanel-import`
 */
export async function measurePeer(
  folder: string,
  { ndjson, distinctEvents }: ExportedFiles,
  signal: AbortSignal,
): Promise<number> {
  const { seconds } = await runPeer(folder, 'mixpanel-import', ndjson, distinctEvents, signal);
  return distinctEvents / seconds;
}
