import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FromLoad, LoadSettings } from '../ingest/load-process.ts';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { startBackfill, startBenchService } from './bench-service.ts';
import { type ExportedFiles, writeExportedFiles } from './exported-files.ts';
import { type LiveBeside, measureLiveBeside } from './live-beside.ts';
import { measurePeer } from './peer.ts';
import { measureReading, type Reading } from './reading.ts';

export interface BackfillOptions {
  events: number;
  /** Events of the live load that is measured beside it. */
  liveEvents: number;
  /** Live events per second that are offered beside a running back-fill. */
  besideRate: number;
  /** Folder in which `mixpanel-import` is installed; it is not measured without one. */
  peerFolder: string | undefined;
  timeoutMs: number;
  profileFolder: string | undefined;
}

export interface BackfillFigures {
  events: number;
  bytes: number;
  /** From the request to the last imported event. */
  seconds: number;
  service: ProcessUsage | undefined;
  reading: Reading;
  /** The same event types over Custom HTTP. */
  live: { eventsPerSecond: number; cpuPerEvent: number | undefined };
  liveBeside: LiveBeside;
  /** Imported events per second of `mixpanel-import`, from a file of mapped events. */
  peerPerSecond: number | undefined;
}

/**
 * The benchmark of a back-fill: deflated Avro files of all types on the local disk → the real service process →
 * a minimal sink. The same run also measures reading alone, live ingestion of the same types, alone and beside a
 * running back-fill, and a bulk importer. A missing event is an error.
 */
export async function measureBackfill(options: BackfillOptions): Promise<BackfillFigures> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const files = await writeExportedFiles(folder, options.events);
    const reading = await measureReading(files);
    const backfilled = await runBackfill(files, folder, options.profileFolder, signal);
    const live = await measureLive(options.liveEvents, folder, signal);
    const liveBeside = await measureLiveBeside(options.besideRate, files.folder, folder, signal);
    const peerPerSecond =
      options.peerFolder === undefined ? undefined : await measurePeer(options.peerFolder, files, signal);
    return {
      events: files.events,
      bytes: files.bytes,
      ...backfilled,
      reading,
      live,
      liveBeside,
      peerPerSecond,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runBackfill(
  files: ExportedFiles,
  folder: string,
  profileFolder: string | undefined,
  signal: AbortSignal,
): Promise<Pick<BackfillFigures, 'seconds' | 'service'>> {
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using service = await startBenchService(folder, port, profileFolder);
  const begun = performance.now();
  const done = allImported(sink, files.events, signal);
  const job = await startBackfill(service, files.folder, signal);
  await done;
  const seconds = (performance.now() - begun) / 1_000;
  const usage = await processUsage(service.pid);
  await assertDone(job.show, files.events);
  return { seconds, service: usage };
}

/** The report is stored a moment after the last answer of the sink. */
async function assertDone(
  show: Awaited<ReturnType<typeof startBackfill>>['show'],
  events: number,
): Promise<void> {
  for (let look = 0; ; look += 1) {
    const { state, delivery } = await show();
    if (state === 'done' && delivery.accepted === events && delivery.imported === events) return;
    if (look === 100) throw new Error(`Of ${events} events: ${state}, ${JSON.stringify(delivery)}.`);
    await wait(50);
  }
}

async function measureLive(
  events: number,
  folder: string,
  signal: AbortSignal,
): Promise<BackfillFigures['live']> {
  const batches = Math.ceil(events / EVENTS_PER_BATCH);
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using load = startChild<FromLoad>(new URL('../ingest/load-process.ts', import.meta.url), [
    ...[String(batches), String(EVENTS_PER_BATCH), '2026-07'],
  ]);
  await load.next(message => message.kind === 'ready', signal);
  await using service = await startBenchService(folder, port);
  const begun = performance.now();
  load.send({
    ...{ url: `${service.url}/currents`, token: service.token, batches, connections: 8, rate: undefined },
  } satisfies LoadSettings);
  await allImported(sink, batches * EVENTS_PER_BATCH, signal);
  const sent = batches * EVENTS_PER_BATCH;
  const seconds = (performance.now() - begun) / 1_000;
  const usage = await processUsage(service.pid);
  return { eventsPerSecond: sent / seconds, cpuPerEvent: usage && usage.cpuSeconds / sent };
}

type Imported = Extract<FromSink, { kind: 'imported' }>;

const allImported = (sink: ReturnType<typeof startChild<FromSink>>, events: number, signal: AbortSignal) =>
  sink.next((message): message is Imported => message.kind === 'imported' && message.total >= events, signal);
