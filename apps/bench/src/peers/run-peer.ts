import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { processUsage } from '../measure/process-usage.ts';
import type { FromPeer } from './peer-process.ts';

/** Main modules of the importers, under `node_modules`. */
const mainOf = {
  'mixpanel-import': 'mixpanel-import/index.js',
  mixpanel: 'mixpanel/lib/mixpanel-node.js',
};

/** `mixpanel-import`, a bulk importer, or `import_batch` of `mixpanel`, Mixpanel's SDK. */
export type Peer = keyof typeof mainOf;

/** One import by a peer. */
export interface PeerRun {
  /** From its start to its end. */
  readonly seconds: number;
  /** CPU of its process meanwhile; `undefined` if the platform does not report it. */
  readonly cpuSeconds: number | undefined;
  /** Peak memory of its process; `undefined` if the platform does not report it. */
  readonly peakBytes: number | undefined;
}

/**
 * Imports into the sink of the ingest benchmark.
 *
 * @param folder where the peer is installed: `npm install --prefix <folder> mixpanel-import mixpanel`
 * @param source a file with one mapped event a line, or the number of batches of the ingest benchmark
 * @param events number of events that must arrive
 * @throws Error if it is not installed, or events are missing or sent twice
 */
export async function runPeer(
  folder: string,
  peer: Peer,
  source: string | number,
  events: number,
  signal: AbortSignal,
): Promise<PeerRun> {
  const main = join(folder, 'node_modules', mainOf[peer]);
  await access(main).catch(() => {
    throw new Error(`${main} does not exist. Run: npm install --prefix ${folder} ${peer}`);
  });
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using process = startChild<FromPeer>(new URL('./peer-process.ts', import.meta.url), [
    ...[`http://127.0.0.1:${port}`, pathToFileURL(main).href, String(source)],
  ]);
  await process.next(message => message.kind === 'ready', signal);
  const before = await processUsage(process.pid);
  process.send({ kind: 'start' });
  const { seconds } = await process.next(message => message.kind === 'done', signal);
  const after = await processUsage(process.pid);
  // The peer's message may arrive before those of the sink about the same events.
  const counted = sink.next(message => message.kind === 'counted', signal);
  sink.send({ kind: 'count' });
  const { total: imported } = await counted;
  if (imported !== events) throw new Error(`Of ${events} events ${peer} imported ${imported}.`);
  return {
    ...{ seconds, peakBytes: after?.peakBytes },
    cpuSeconds: after && before && after.cpuSeconds - before.cpuSeconds,
  };
}
