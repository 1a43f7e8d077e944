import { setTimeout as wait } from 'node:timers/promises';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openStorage } from '@braze-mixpanel/storage';
import { startPostgres } from '@braze-mixpanel/storage/testing';
import { assertNothingLost } from '../ingest/nothing-lost.ts';
import { startServiceProcess } from '../ingest/service-process.ts';
import type { FromSink } from '../ingest/sink-process.ts';
import { startChild } from '../measure/child.ts';
import { processUsage } from '../measure/process-usage.ts';
import type { ServerProcess } from '../measure/server-process.ts';
import { EVENTS_PER_BATCH, sampleBodies } from '../samples.ts';

export interface ReplicasOptions {
  /** Events that wait in storage when the replicas begin. */
  events: number;
  /** How long Mixpanel takes for an answer. */
  latencyMs: number;
  /** Up to so many replicas, from one on. */
  most: number;
  timeoutMs: number;
}

export interface ReplicasFigures {
  replicas: number;
  latencyMs: number;
  drainedPerSecond: number;
  /** Of all services, for one event; absent where the platform does not tell. What else the machine does changes it little. */
  cpuMicroseconds: number | undefined;
}

/** Requests that are the same number for so long are all there will be. */
const steadyMs = 1_500;

/**
 * A backlog in one PostgreSQL, drained by one replica, then, anew, by two, and so on: each the real service process. The sink keeps all
 * answers back until every replica has its requests in flight; what those hold is not counted. A run in which an event is missing or
 * was sent twice is an error, not a figure.
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
  const total = await fill(url, events);

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

/** Straight into storage, as a connection without settings of its own accepts it. */
async function fill(url: string, events: number): Promise<number> {
  const storage = await openStorage(url);
  try {
    const batches = Math.ceil(events / EVENTS_PER_BATCH);
    const bodies = sampleBodies(batches);
    const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
    for (let next = 0; next < batches; ) {
      const some = Array.from({ length: Math.min(64, batches - next) }, () => {
        const body = new Uint8Array(bodies[next++ % bodies.length]!);
        const batch = {
          connection: 'default',
          receivedAt: Date.now(),
          events: EVENTS_PER_BATCH,
          body,
          profile: mappingOptions,
        };
        return storage.journal.append(batch);
      });
      await Promise.all(some);
    }
    return batches * EVENTS_PER_BATCH;
  } finally {
    await storage.close();
  }
}
