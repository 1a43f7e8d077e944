import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@braze-mixpanel/storage';
import { startServiceProcess } from '../ingest/service-process.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { frequentPerBatch, frequentUser, KeptEvents, othersPerBatch } from './kept-events.ts';

export interface TraceOptions {
  events: number;
  /** Number of traces, one after the other. */
  traces: number;
  /** Where the events are kept for further runs; only traces are measured then. */
  file?: string | undefined;
  timeoutMs: number;
}

interface Times {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Cost of the index. */
interface IndexCost {
  /** What a completion takes longer with the index than without, by the clock and by the process's CPU time. */
  readonly micros: number;
  readonly cpuMicros: number;
  /** By which the file is larger with the index. */
  readonly bytes: number;
}

export interface TraceFigures {
  events: number;
  eventsOfUser: number;
  /** Events of the user with some in every batch. */
  eventsOfFrequent: number;
  index: IndexCost | undefined;
  /** `POST /api/trace` of the real service process. */
  trace: Times;
  unknown: Times;
  frequent: Times;
  /** Pages of the frequent user from anywhere in the history. */
  older: Times;
}

/** Events of each user. */
const eventsOfUser = 10;
const batchesAtOnce = 20;
const token = 'a-token-of-the-benchmark';

/**
 * Keeps the same batches in two storages in turns, in one of them with the index, then traces users by the real
 * service process on that one. With `file` the storage with the index is that file, which is made if it is not there.
 *
 * @throws Error if a trace lacks an event
 */
export async function measureTrace({ events, traces, file, timeoutMs }: TraceOptions): Promise<TraceFigures> {
  const batches = Math.ceil(events / EVENTS_PER_BATCH);
  const folder = await mkdtemp(join(tmpdir(), 'bench-trace-'));
  try {
    let index: IndexCost | undefined;
    const indexed = file ?? join(folder, 'indexed.db');
    if (file === undefined) index = await costOfIndex(batches, indexed, join(folder, 'plain.db'));
    else if (!existsSync(file)) await keepAll(batches, file);
    await using service = await startServiceProcess({
      environment: {
        STORAGE_URL: `sqlite:${indexed}`,
        ...{ ADMIN_TOKEN: token, CURRENTS_TOKEN: `${token}-of-braze`, DELIVERED_RETENTION: '30d' },
        MIXPANEL_TOKEN: 'a-token-of-the-project',
      },
      profileFolder: undefined,
    });
    const signal = AbortSignal.timeout(timeoutMs);
    const users = usersIn(batches);
    const read = async (path: string, body: object): Promise<Answer> => {
      const response = await fetch(service.url + path, {
        ...{ method: 'POST', signal, body: JSON.stringify(body) },
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      return (await response.json()) as Answer;
    };
    const trace = (externalId: string, expected: number) => async () => {
      const { connections } = await read('/api/trace', { externalId });
      found(externalId, connections?.default?.delivered?.length, expected);
    };
    const olderPage = (turn: number) => async () => {
      const before = `${1 + ((turn * 7_919) % batches)}-0`;
      const { delivered, older } = await read('/api/trace/delivered', { externalId: frequentUser, before });
      if (older !== null) found(frequentUser, delivered?.length, page);
    };
    const eventsOfFrequent = batches * frequentPerBatch;
    return {
      ...{ events: batches * EVENTS_PER_BATCH, eventsOfUser, eventsOfFrequent, index },
      trace: await timesOf(traces, turn => trace(`user-${(turn * 7_919) % users}`, eventsOfUser)),
      unknown: await timesOf(traces, turn => trace(`unknown-${turn}`, 0)),
      frequent: await timesOf(traces, () => trace(frequentUser, Math.min(page, eventsOfFrequent))),
      older: await timesOf(traces, olderPage),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Delivered events of one page. */
const page = 200;

/** @throws Error unless both numbers are the same */
function found(externalId: string, events: number | undefined, expected: number): void {
  if (events !== expected) throw new Error(`The trace of ${externalId} has ${events} events of ${expected}`);
}

async function costOfIndex(batches: number, indexedFile: string, plainFile: string): Promise<IndexCost> {
  const [indexed, plain] = await keepInTurns(batches, indexedFile, plainFile);
  const bytes = (await sizeOf(indexedFile)) - (await sizeOf(plainFile));
  await rm(plainFile);
  return {
    micros: ((indexed.seconds - plain.seconds) * 1e6) / indexed.events,
    cpuMicros: ((indexed.cpuSeconds - plain.cpuSeconds) * 1e6) / indexed.events,
    bytes: bytes / indexed.events,
  };
}

async function keepAll(batches: number, file: string): Promise<void> {
  const storage = await openStorage(`sqlite:${file}`);
  const kept = new KeptEvents(storage.journal, usersIn(batches), true);
  for (let first = 0; first < batches; first += batchesAtOnce)
    await kept.keep(first, Math.min(batchesAtOnce, batches - first));
  await storage.close();
}

/** Users beside the frequent one. */
const usersIn = (batches: number): number => (batches * othersPerBatch) / eventsOfUser;

async function keepInTurns(batches: number, indexedFile: string, plainFile: string) {
  const users = usersIn(batches);
  const storages = [await openStorage(`sqlite:${indexedFile}`), await openStorage(`sqlite:${plainFile}`)];
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

async function timesOf(turns: number, workOf: (turn: number) => () => Promise<void>): Promise<Times> {
  const milliseconds: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const work = workOf(turn);
    const begun = performance.now();
    await work();
    milliseconds.push(performance.now() - begun);
  }
  milliseconds.sort((a, b) => a - b);
  return { p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) };
}

/** Of a trace, or of a page of older events. */
interface Answer {
  readonly connections?: Record<string, { readonly delivered: readonly unknown[] | null }>;
  readonly delivered?: readonly unknown[];
  readonly older: string | null;
}
