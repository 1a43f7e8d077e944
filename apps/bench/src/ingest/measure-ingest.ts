import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../measure/child.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { type Floor, mapper, measureFloor, reference } from './floor.ts';
import type { FromLoad, LoadSettings } from './load-process.ts';
import { assertNothingLost } from './nothing-lost.ts';
import { startServiceProcess } from './service-process.ts';
import type { FromSink } from './sink-process.ts';

export interface IngestOptions {
  events: number;
  connections: number;
  /** Offered events per second; unlimited if absent. */
  rate: number | undefined;
  /** Latency of the sink's answers, in milliseconds. */
  latencyMs: number;
  /** DELIVERY_CONCURRENCY; the service's default if absent. */
  concurrency?: number | undefined;
  /** Time limit of the whole run. */
  timeoutMs: number;
  profileFolder: string | undefined;
}

export interface IngestFigures {
  events: number;
  bytesPerEvent: number;
  /** Seconds from the first batch sent to the last one acknowledged. */
  acceptSeconds: number;
  /** Seconds from the first batch sent to the last event imported. */
  importSeconds: number;
  acknowledgement: { p50: number; p99: number; max: number };
  /** Usage of the service process; absent if the platform does not report it. */
  service: ProcessUsage | undefined;
  floor: Floor;
  /** The floor with the mapper itself instead of the reference mapping, as it was measured before. */
  floorWithMapper: Floor;
}

const TOKEN = 'bench-token';

/**
 * The ingest benchmark: the load of Braze → the real service process → a minimal sink, each a separate
 * process on the same machine; then the baseline with the same bytes. A missing event is an error, since a
 * figure is meaningless for a service that loses events.
 */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const batches = Math.ceil(options.events / EVENTS_PER_BATCH);
    const measured = await measureService(options, batches, folder);
    return {
      ...measured,
      floor: await measureFloor(batches, folder, reference),
      floorWithMapper: await measureFloor(batches, folder, mapper),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureService(
  { connections, rate, latencyMs, concurrency, timeoutMs, profileFolder }: IngestOptions,
  batches: number,
  folder: string,
): Promise<Omit<IngestFigures, 'floor' | 'floorWithMapper'>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const events = batches * EVENTS_PER_BATCH;

  await using sink = startChild<FromSink>(new URL('./sink-process.ts', import.meta.url), [String(latencyMs)]);
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using load = startChild<FromLoad>(new URL('./load-process.ts', import.meta.url), [String(batches)]);
  const { bytes } = await load.next(message => message.kind === 'ready', signal);
  await using service = await startServiceProcess({
    environment: {
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      CURRENTS_TOKEN: TOKEN,
      MIXPANEL_TOKEN: 'mixpanel-token',
      MIXPANEL_API_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
      ...(concurrency !== undefined && { DELIVERY_CONCURRENCY: String(concurrency) }),
    },
    profileFolder,
  });

  const begun = performance.now();
  load.send({
    url: `${service.url}/currents`,
    token: TOKEN,
    batches,
    connections,
    rate,
  } satisfies LoadSettings);
  const allImported = sink
    .next((message): message is Imported => message.kind === 'imported' && message.total >= events, signal)
    .then(() => (performance.now() - begun) / 1_000);
  const [end, importSeconds] = await Promise.all([load.next(isEnd, signal), allImported]);
  if (end.kind === 'failed') throw new Error(`The load ended early: ${end.why}.`);

  const usage = await processUsage(service.pid);
  await assertNothingLost(service.url, events);
  const { milliseconds } = end;
  return {
    events,
    bytesPerEvent: bytes / EVENTS_PER_BATCH,
    acceptSeconds: end.seconds,
    importSeconds,
    acknowledgement: {
      p50: quantile(milliseconds, 0.5),
      p99: quantile(milliseconds, 0.99),
      max: milliseconds.at(-1) ?? 0,
    },
    service: usage,
  };
}

type Imported = Extract<FromSink, { kind: 'imported' }>;

const isEnd = (message: FromLoad) => message.kind === 'done' || message.kind === 'failed';
