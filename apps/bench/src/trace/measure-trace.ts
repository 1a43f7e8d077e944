import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@braze-mixpanel/storage';
import { startServiceProcess } from '../ingest/service-process.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { KeptEvents } from './kept-events.ts';

export interface TraceOptions {
  events: number;
  /** Number of traces, one after the other. */
  traces: number;
  timeoutMs: number;
}

export interface TraceFigures {
  events: number;
  eventsOfUser: number;
  /** What a completion takes longer with the index than without, by the clock and by the process's CPU time. */
  indexMicros: number;
  indexCpuMicros: number;
  /** By which the file is larger with the index. */
  indexBytes: number;
  /** Milliseconds of `POST /api/trace` of the real service process. */
  trace: { p50: number; p99: number };
  unknown: { p50: number; p99: number };
}

/** Events of each user. */
const eventsOfUser = 10;
const batchesAtOnce = 20;
const token = 'a-token-of-the-benchmark';

/**
 * Keeps the same batches in two storages in turns, in one of them with the index, then traces users by the real
 * service process on that one. @throws Error if a trace lacks an event
 */
export async function measureTrace({ events, traces, timeoutMs }: TraceOptions): Promise<TraceFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-trace-'));
  try {
    const files = { indexed: join(folder, 'indexed.db'), plain: join(folder, 'plain.db') };
    const [indexed, plain] = await keepInTurns(events, files);
    const bytes = (await sizeOf(files.indexed)) - (await sizeOf(files.plain));
    await rm(files.plain);
    await using service = await startServiceProcess({
      environment: {
        STORAGE_URL: `sqlite:${files.indexed}`,
        ...{ ADMIN_TOKEN: token, CURRENTS_TOKEN: `${token}-of-braze`, DELIVERED_RETENTION: '30d' },
        MIXPANEL_TOKEN: 'a-token-of-the-project',
      },
      profileFolder: undefined,
    });
    const signal = AbortSignal.timeout(timeoutMs);
    const users = indexed.events / eventsOfUser;
    const known = (turn: number) => `user-${(turn * 7_919) % users}`;
    return {
      ...{ events: indexed.events, eventsOfUser },
      indexMicros: ((indexed.seconds - plain.seconds) * 1e6) / indexed.events,
      indexCpuMicros: ((indexed.cpuSeconds - plain.cpuSeconds) * 1e6) / indexed.events,
      indexBytes: bytes / indexed.events,
      trace: await traceAll(service.url, traces, known, eventsOfUser, signal),
      unknown: await traceAll(service.url, traces, turn => `unknown-${turn}`, 0, signal),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function keepInTurns(events: number, files: { indexed: string; plain: string }) {
  const batches = Math.ceil(events / EVENTS_PER_BATCH);
  const users = (batches * EVENTS_PER_BATCH) / eventsOfUser;
  const storages = [await openStorage(`sqlite:${files.indexed}`), await openStorage(`sqlite:${files.plain}`)];
  const [indexed, plain] = [
    new KeptEvents(storages[0]!.journal, users, true),
    new KeptEvents(storages[1]!.journal, users, false),
  ];
  for (let first = 0; first < batches; first += batchesAtOnce) {
    const count = Math.min(batchesAtOnce, batches - first);
    // Each goes first in every second turn, so that neither has a warmer machine.
    const turn = (first / batchesAtOnce) % 2 === 0 ? [indexed, plain] : [plain, indexed];
    for (const each of turn) await each.keep(first, count);
  }
  for (const storage of storages) await storage.close();
  return [indexed, plain] as const;
}

const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;

async function traceAll(
  url: string,
  traces: number,
  userOf: (turn: number) => string,
  expected: number,
  signal: AbortSignal,
) {
  const milliseconds: number[] = [];
  for (let turn = 0; turn < traces; turn += 1) {
    const externalId = userOf(turn);
    const begun = performance.now();
    const response = await fetch(`${url}/api/trace`, {
      ...{ method: 'POST', signal, body: JSON.stringify({ externalId }) },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    const { connections } = (await response.json()) as Answer;
    milliseconds.push(performance.now() - begun);
    const found = connections.default?.delivered?.length;
    if (found !== expected) throw new Error(`The trace of ${externalId} has ${found} events of ${expected}`);
  }
  milliseconds.sort((a, b) => a - b);
  return { p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) };
}

interface Answer {
  readonly connections: Record<string, { readonly delivered: readonly unknown[] | null }>;
}
