import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '@braze-mixpanel/storage/testing';
import { assertNothingLost } from '../ingest/nothing-lost.ts';
import { startServiceProcess } from '../ingest/service-process.ts';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { fillBacklog } from '../measure/fill-backlog.ts';
import { processUsage } from '../measure/process-usage.ts';
import type { ServerProcess } from '../measure/server-process.ts';

export interface ReplicasOptions {
  /** Number of events in storage when the replicas start. */
  events: number;
  /** Latency of the sink's answers, in milliseconds. */
  latencyMs: number;
  /** Maximum number of replicas; each number from one is measured. */
  most: number;
  timeoutMs: number;
}

export interface ReplicasFigures {
  replicas: number;
  latencyMs: number;
  drainedPerSecond: number;
  /**
   * CPU time of all services per event, in microseconds; absent if the platform does not report it. Other
   * load on the machine has little effect on it.
   */
  cpuMicroseconds: number | undefined;
}

/** When the number of requests is constant for this long, no more will come. */
const steadyMs = 1_500;

/**
 * The replica benchmark: a backlog in one PostgreSQL, drained by one replica, then again by two, and so on,
 * each the real service process. The sink holds all answers until every replica has its requests in flight;
 * the events of these requests are not counted. A run in which an event is missing or was sent twice is an
 * error.
 */
export async function measureReplicas(options: ReplicasOptions): Promise<ReplicasFigures[]> {
  await using server = await startPostgres();
  const figures: ReplicasFigures[] = [];
  for (let replicas = 1; replicas <= options.most; replicas++) {
    const database = await server.createDatabase();
    try {
      figures.push(await measure(database.url, replicas, options));
    } finally {
      await database.drop();
    }
  }
  return figures;
}

async function measure(
  url: string,
  replicas: number,
  { events, latencyMs, timeoutMs }: ReplicasOptions,
): Promise<ReplicasFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  await using running = new AsyncDisposableStack();
  const sink = running.use(
    startChild<FromSink>(new URL('../ingest/sink-process.ts', import.meta.url), [
      String(latencyMs),
      'closed',
    ]),
  );
  const { port } = await sink.next(message => message.kind === 'listening', signal);
  const total = await fillBacklog(url, events);

  let held = 0;
  let changedAt = performance.now();
  sink.each(message => {
    if (message.kind !== 'held') return;
    held = message.total;
    changedAt = performance.now();
  });
  const services: ServerProcess[] = [];
  for (let started = 0; started < replicas; started++) {
    const environment = {
      STORAGE_URL: url,
      CURRENTS_TOKEN: 'bench-token',
      MIXPANEL_TOKEN: 'mixpanel-token',
      MIXPANEL_API_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
    };
    services.push(running.use(await startServiceProcess({ environment, profileFolder: undefined })));
    changedAt = performance.now();
  }
  while (performance.now() - changedAt < steadyMs) await wait(50);

  const all = sink.next(
    (message): message is Imported => message.kind === 'imported' && message.total >= total,
    signal,
  );
  const begun = performance.now();
  const before = held;
  const cpuBefore = await cpuSeconds(services);
  sink.send({ kind: 'open' });
  const { total: sent } = await all;
  const seconds = (performance.now() - begun) / 1_000;
  const cpuAfter = await cpuSeconds(services);
  await assertNothingLost(services[0]!.url, total);
  if (sent !== total) throw new Error(`Of ${total} events ${sent} were sent`);
  const drained = total - before;
  const cpu = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
  return {
    ...{ replicas, latencyMs, drainedPerSecond: drained / seconds },
    cpuMicroseconds: cpu === undefined ? undefined : (cpu * 1_000_000) / drained,
  };
}

async function cpuSeconds(services: readonly ServerProcess[]): Promise<number | undefined> {
  const usages = await Promise.all(services.map(({ pid }) => processUsage(pid)));
  return usages.reduce<number | undefined>(
    (sum, usage) => (sum === undefined || usage === undefined ? undefined : sum + usage.cpuSeconds),
    0,
  );
}

type Imported = Extract<FromSink, { kind: 'imported' }>;
