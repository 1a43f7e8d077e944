import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startOwnPostgres } from '@braze-mixpanel/storage/testing';
import { type Child, startChild } from '../measure/child.ts';
import { familyCpuSeconds } from '../measure/family-usage.ts';
import { type ProcessUsage, processUsage } from '../measure/process-usage.ts';
import { quantile } from '../measure/quantile.ts';
import type { FromBareServer } from './bare-server.ts';
import { type Beside, prepareBeside } from './beside/beside.ts';
import { type Floor, mapper, measureFloor, reference } from './floor.ts';
import { importedOf } from './imported.ts';
import type { FromLoad, LoadSettings, UncountedLoad } from './load-process.ts';
import { assertNothingLost } from './nothing-lost.ts';
import { startServiceProcess } from './service-process.ts';
import type { FromSink } from './sink-process.ts';

export interface IngestOptions {
  events: number;
  eventsPerBatch: number;
  connections: number;
  /** Offered events per second; unlimited if absent. */
  rate: number | undefined;
  /** Seconds at the beginning whose acknowledgements are left out of the latencies. */
  warmUpSeconds: number;
  /** Latency of the sink's answers, in milliseconds. */
  latencyMs: number;
  /** DELIVERY_CONCURRENCY; the service's default if absent. */
  concurrency?: number | undefined;
  /** A new SQLite file, or a PostgreSQL server of its own on the same machine. */
  storage: 'sqlite' | 'postgres';
  /** Other work of the service meanwhile, and its size in events or members. */
  beside?: { kind: Beside; size: number } | undefined;
  /** Time limit of the whole run. */
  timeoutMs: number;
  profileFolder: string | undefined;
}

/** In milliseconds. */
interface Latencies {
  p50: number;
  p99: number;
  max: number;
}

export interface IngestFigures {
  events: number;
  /** Offered events per second; unlimited if absent. */
  rate: number | undefined;
  storage: IngestOptions['storage'];
  bytesPerEvent: number;
  /** Seconds from the first batch sent to the last one acknowledged. */
  acceptSeconds: number;
  /** Seconds from the first batch sent to the last event imported. */
  importSeconds: number;
  acknowledgement: Latencies;
  /** Acknowledgement of the bare server under the same load; measured at a steady rate only. */
  bare: Latencies | undefined;
  /** The other work: how often it was done, and its seconds if it ended before the load, as of when latencies are left out. */
  beside: { kind: Beside; size: number; times: number; seconds: number | undefined } | undefined;
  /** Number of acknowledgements that count. */
  acknowledgements: number;
  /** Usage of the service process from the first batch on; absent if the platform does not report it. */
  service: (ProcessUsage & { /** CPU of the start. */ startSeconds: number }) | undefined;
  /** CPU seconds of the other processes meanwhile, by name. */
  others: Record<string, number>;
  /** Cores that all processes share. */
  cores: number;
  floor: Floor;
  /** The floor with the mapper itself instead of the reference mapping, as it was measured before. */
  floorWithMapper: Floor;
}

const TOKEN = 'bench-token';

/** Maximum of seconds for which the bare server is under load. */
const bareSeconds = 20;

/**
 * The ingest benchmark: the load of Braze → the real service process → a minimal sink, each a separate
 * process on the same machine; then the baseline with the same bytes. A missing event is an error, since a
 * figure is meaningless for a service that loses events.
 */
export async function measureIngest(options: IngestOptions): Promise<IngestFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const { eventsPerBatch } = options;
  try {
    const batches = Math.ceil(options.events / eventsPerBatch);
    const measured = await measureService(options, batches, folder);
    return {
      ...measured,
      floor: await measureFloor(batches, eventsPerBatch, folder, reference),
      floorWithMapper: await measureFloor(batches, eventsPerBatch, folder, mapper),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureService(
  options: IngestOptions,
  batches: number,
  folder: string,
): Promise<Omit<IngestFigures, 'floor' | 'floorWithMapper'>> {
  const { eventsPerBatch, connections, rate, warmUpSeconds, latencyMs, concurrency, profileFolder } = options;
  const signal = AbortSignal.timeout(options.timeoutMs);
  const events = batches * eventsPerBatch;
  const settings = { token: TOKEN, batches, connections, rate, warmUpSeconds };

  await using postgres = options.storage === 'postgres' ? await startOwnPostgres() : undefined;
  await using sink = startChild<FromSink>(new URL('./sink-process.ts', import.meta.url), [String(latencyMs)]);
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  const loadFile = new URL('./load-process.ts', import.meta.url);
  await using load = startChild<FromLoad>(loadFile, [String(batches), String(eventsPerBatch)]);
  const { bytes } = await load.next(message => message.kind === 'ready', signal);
  const bare =
    rate === undefined ? undefined : await measureBare(load, { ...settings, rate }, options, folder, signal);
  const storageUrl = (await postgres?.createDatabase())?.url ?? `sqlite:${join(folder, 'service.db')}`;
  await using beside = options.beside
    ? await prepareBeside(options.beside.kind, { storageUrl, folder, size: options.beside.size, signal })
    : undefined;
  await using service = await startServiceProcess({
    environment: {
      STORAGE_URL: storageUrl,
      CURRENTS_TOKEN: TOKEN,
      MIXPANEL_TOKEN: 'mixpanel-token',
      MIXPANEL_API_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
      ...(concurrency !== undefined && { DELIVERY_CONCURRENCY: String(concurrency) }),
      ...beside?.environment,
    },
    profileFolder,
  });

  const usages = async () => ({
    service: await processUsage(service.pid),
    load: (await processUsage(load.pid))?.cpuSeconds ?? 0,
    sink: (await processUsage(sink.pid))?.cpuSeconds ?? 0,
    postgres: postgres && ((await familyCpuSeconds(postgres.pid ?? 0)) ?? 0),
  });
  const total = events + (beside?.extraEvents ?? 0);
  const work = await beside?.begin(service);
  const before = await usages();
  const begun = performance.now();
  let besideSeconds: number | undefined;
  const failure = Promise.withResolvers<never>();
  work?.ended.then(() => {
    besideSeconds = (performance.now() - begun) / 1_000;
    load.send({ kind: 'uncounted' } satisfies UncountedLoad);
  }, failure.reject);
  load.send({ ...settings, url: `${service.url}/currents` } satisfies LoadSettings);
  const allImported = sink
    .next((message): message is Imported => message.kind === 'imported' && message.total >= total, signal)
    .then(() => (beside === undefined ? undefined : untilLive(service.url, total, signal)))
    .then(() => (performance.now() - begun) / 1_000);
  const [end, importSeconds] = await Promise.race([
    Promise.all([loadEnd(load, signal), allImported]),
    failure.promise,
  ]);
  if (end.milliseconds.length === 0)
    throw new Error(
      'No acknowledgement counts: what runs beside the load ended before its warm-up. Give more --beside-size.',
    );

  const after = await usages();
  await assertNothingLost(service.url, total);
  const startSeconds = before.service?.cpuSeconds ?? 0;
  return {
    events,
    rate,
    storage: options.storage,
    bytesPerEvent: bytes / eventsPerBatch,
    acceptSeconds: end.seconds,
    importSeconds,
    acknowledgement: latencies(end),
    acknowledgements: end.milliseconds.length,
    beside: options.beside && work && { ...options.beside, times: work.times(), seconds: besideSeconds },
    bare,
    service: after.service && {
      ...{ peakBytes: after.service.peakBytes, startSeconds },
      cpuSeconds: after.service.cpuSeconds - startSeconds,
    },
    others: {
      load: after.load - before.load,
      sink: after.sink - before.sink,
      ...(after.postgres !== undefined && { PostgreSQL: after.postgres - (before.postgres ?? 0) }),
    },
    cores: availableParallelism(),
  };
}

async function measureBare(
  load: Child<FromLoad>,
  settings: Omit<LoadSettings, 'url'> & { rate: number },
  { eventsPerBatch }: IngestOptions,
  folder: string,
  signal: AbortSignal,
): Promise<Latencies> {
  const file = new URL('./bare-server.ts', import.meta.url);
  await using server = startChild<FromBareServer>(file, [join(folder, 'bare')]);
  const { port } = await server.next(
    (message): message is FromBareServer => message.kind === 'listening',
    signal,
  );
  const most = Math.ceil((bareSeconds * settings.rate) / eventsPerBatch);
  const batches = Math.min(settings.batches, most);
  const warmUpSeconds = Math.min(settings.warmUpSeconds ?? 0, bareSeconds / 4);
  load.send({ ...settings, batches, warmUpSeconds, url: `http://127.0.0.1:${port}/` } satisfies LoadSettings);
  return latencies(await loadEnd(load, signal));
}

async function loadEnd(load: Child<FromLoad>, signal: AbortSignal): Promise<Done> {
  const end = await load.next(message => message.kind === 'done' || message.kind === 'failed', signal);
  if (end.kind === 'failed') throw new Error(`The load ended early: ${end.why}.`);
  return end as Done;
}

const latencies = ({ milliseconds }: Done): Latencies => ({
  p50: quantile(milliseconds, 0.5),
  p99: quantile(milliseconds, 0.99),
  max: milliseconds.at(-1) ?? 0,
});

/** Events of a back-fill reach the sink too: the live ones are counted by the service. */
async function untilLive(url: string, events: number, signal: AbortSignal): Promise<void> {
  while ((await importedOf(url, 'default', signal)) < events) await wait(20);
}

type Imported = Extract<FromSink, { kind: 'imported' }>;
type Done = Extract<FromLoad, { kind: 'done' }>;
