import { setTimeout as wait } from 'node:timers/promises';
import { importedOf } from '../ingest/imported.ts';
import type { FromLoad, LoadSettings } from '../ingest/load-process.ts';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { type BenchService, startBackfill, startBenchService } from './bench-service.ts';

/** Live events at a steady rate, alone and beside a running back-fill. */
export interface LiveBeside {
  /** Offered events per second. */
  readonly rate: number;
  readonly alone: LiveRun;
  readonly beside: LiveRun;
}

interface LiveRun {
  /** From the first batch sent to the last live event imported. */
  readonly deliveredPerSecond: number;
  /** Milliseconds to the acknowledgement of a batch. */
  readonly p50: number;
  readonly p99: number;
}

const seconds = 10;

/** @throws Error if the back-fill has too few files to run beside all live events */
export async function measureLiveBeside(
  rate: number,
  source: string,
  folder: string,
  signal: AbortSignal,
): Promise<LiveBeside> {
  const alone = await liveRun(rate, undefined, folder, signal);
  return { rate, alone, beside: await liveRun(rate, source, folder, signal) };
}

async function liveRun(
  rate: number,
  source: string | undefined,
  folder: string,
  signal: AbortSignal,
): Promise<LiveRun> {
  const batches = Math.ceil((rate * seconds) / EVENTS_PER_BATCH);
  await using sink = startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url));
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  await using load = startChild<FromLoad>(new URL('../ingest/load-process.ts', import.meta.url), [
    ...[String(batches), String(EVENTS_PER_BATCH), '2026-07'],
  ]);
  await load.next(message => message.kind === 'ready', signal);
  await using service = await startBenchService(folder, port);
  const job = source === undefined ? undefined : await startBackfill(service, source, signal);
  if (job !== undefined) await until(service, 'default:backfill', 1, signal);
  const begun = performance.now();
  load.send({
    ...{ url: `${service.url}/currents`, token: service.token, batches, connections: 8, rate },
    warmUpSeconds: 2,
  } satisfies LoadSettings);
  const events = batches * EVENTS_PER_BATCH;
  const end = await load.next(message => message.kind === 'done' || message.kind === 'failed', signal);
  if (end.kind === 'failed') throw new Error(`The live load ended early: ${end.why}.`);
  await until(service, 'default', events, signal);
  const deliveredPerSecond = (events * 1_000) / (performance.now() - begun);
  if (job !== undefined && (await job.show()).state !== 'running')
    throw new Error('The back-fill ended before the live load: give more --events.');
  return {
    ...{ deliveredPerSecond, p50: quantile(end.milliseconds, 0.5), p99: quantile(end.milliseconds, 0.99) },
  };
}

/** Resolves when so many events of a queue are imported. */
async function until(service: BenchService, queue: string, events: number, signal: AbortSignal) {
  for (;;) {
    if ((await importedOf(service.url, queue, signal)) >= events) return;
    await wait(20);
  }
}
