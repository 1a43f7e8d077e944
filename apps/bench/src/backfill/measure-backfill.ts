import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FromLoad, LoadSettings } from '../ingest/load-process.ts';
import { startServiceProcess } from '../ingest/service-process.ts';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { type ExportedFiles, writeExportedFiles } from './exported-files.ts';
import { measurePeer } from './peer.ts';
import { measureReading, type Reading } from './reading.ts';

export interface BackfillOptions {
  events: number;
  /** Events of the live load that is measured beside it. */
  liveEvents: number;
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
  /** Imported events per second of `mixpanel-import`, from a file of mapped events. */
  peerPerSecond: number | undefined;
}

const token = 'bench-token';
const adminToken = 'bench-admin-token';

/**
 * The benchmark of a back-fill: deflated Avro files of all types on the local disk → the real service process →
 * a minimal sink. The same run also measures reading alone, live ingestion of the same types, and a bulk
 * importer. A missing event is an error.
 */
export async function measureBackfill(options: BackfillOptions): Promise<BackfillFigures> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const files = await writeExportedFiles(folder, options.events);
    const reading = await measureReading(files);
    const backfilled = await runBackfill(files, folder, options.profileFolder, signal);
    const live = await measureLive(options.liveEvents, folder, signal);
    const peerPerSecond =
      options.peerFolder === undefined ? undefined : await measurePeer(options.peerFolder, files, signal);
    return { events: files.events, bytes: files.bytes, ...backfilled, reading, live, peerPerSecond };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const environmentOf = (folder: string, name: string, sinkPort: number) => ({
  ...{ STORAGE_URL: `sqlite:${join(folder, name)}`, CURRENTS_TOKEN: token, ADMIN_TOKEN: adminToken },
  ...{ MIXPANEL_TOKEN: 'mixpanel-token', MIXPANEL_API_URL: `http://127.0.0.1:${sinkPort}` },
  ...{ CURRENTS_GENERATION: '2026-07', LOG_LEVEL: 'warn' },
});

async function runBackfill(
  files: ExportedFiles,
  folder: string,
  profileFolder: string | undefined,
  signal: AbortSignal,
): Promise<Pick<BackfillFigures, 'seconds' | 'service'>> {
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using service = await startServiceProcess({
    environment: environmentOf(folder, 'backfill.db', port),
    profileFolder,
  });
  const begun = performance.now();
  const done = allImported(sink, files.events, signal);
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const created = await fetch(`${service.url}/api/backfills`, {
    ...{ method: 'POST', headers, signal },
    body: JSON.stringify({ source: files.folder }),
  });
  if (created.status !== 201) throw new Error(`The back-fill was not started: ${await created.text()}`);
  await done;
  const seconds = (performance.now() - begun) / 1_000;
  const usage = await processUsage(service.pid);
  const { id } = (await created.json()) as { id: number };
  await assertDone(`${service.url}/api/backfills/${id}`, headers, files.events);
  return { seconds, service: usage };
}

/** The report is stored a moment after the last answer of the sink. */
async function assertDone(url: string, headers: Record<string, string>, events: number): Promise<void> {
  for (let look = 0; ; look += 1) {
    const { state, delivery } = (await (await fetch(url, { headers })).json()) as {
      state: string;
      delivery: { accepted: number; imported: number };
    };
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
  await using service = await startServiceProcess({
    environment: environmentOf(folder, 'live.db', port),
    profileFolder: undefined,
  });
  const begun = performance.now();
  load.send({
    ...{ url: `${service.url}/currents`, token, batches, connections: 8, rate: undefined },
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
