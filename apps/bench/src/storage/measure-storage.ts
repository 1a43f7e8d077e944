import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BatchOutcome, type LeasedBatch, openStorage, type Storage } from '@braze-mixpanel/storage';
import { ownPostgresMissing, startOwnPostgres } from '@braze-mixpanel/storage/testing';
import { familyCpuSeconds } from '../measure/family-usage.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH, sampleBodies } from '../samples.ts';

export interface StorageOptions {
  events: number;
  /** Number of concurrent appends. */
  writers: number;
  /** Number of concurrent leases, each of up to 2,000 events, as in delivery. */
  deliverers: number;
  /** URL of a PostgreSQL; by default one is started. */
  postgres?: string;
}

export interface StorageFigures {
  storage: 'SQLite' | 'PostgreSQL';
  events: number;
  /** Seconds until the last batch was on disk. */
  appendSeconds: number;
  append: { p50: number; p99: number };
  /** Bytes per event as received, and by which storage (SQLite: with its write-ahead log) grew. */
  bodyBytes: number;
  storedBytes: number;
  /** Seconds from the first lease to the last outcome on disk. */
  drainSeconds: number;
  /**
   * CPU seconds of this process and, if it was started here and the platform reports it, of the database
   * server.
   */
  cpu: { append: Cpu; drain: Cpu };
}

interface Cpu {
  ours: number;
  server: number | undefined;
}

const connection = 'default';

/** The storage benchmark: batches in, then out, on each storage, without the rest of the service. */
export async function measureStorage({ postgres, ...options }: StorageOptions): Promise<StorageFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const sqlite = await measure('SQLite', `sqlite:${join(folder, 'service.db')}`, options);
    if (postgres !== undefined) return [sqlite, await measure('PostgreSQL', postgres, options)];
    const missing = ownPostgresMissing();
    if (missing !== undefined) {
      console.error(`PostgreSQL was not measured: ${missing}.`);
      return [sqlite];
    }
    await using server = await startOwnPostgres();
    const { url } = await server.createDatabase();
    return [sqlite, await measure('PostgreSQL', url, options, async () => familyCpuSeconds(server.pid ?? 0))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(
  name: StorageFigures['storage'],
  url: string,
  { events, writers, deliverers }: Omit<StorageOptions, 'postgres'>,
  serverCpu: () => Promise<number | undefined> = async () => undefined,
): Promise<StorageFigures> {
  const storage = await openStorage(url);
  try {
    const batches = Math.ceil(events / EVENTS_PER_BATCH);
    const bodies = sampleBodies(batches);
    const milliseconds: number[] = [];
    const empty = await sizeOf(storage, url);
    const appending = await timed(
      () => appendAll(storage, bodies, batches, writers, milliseconds),
      serverCpu,
    );
    const full = await sizeOf(storage, url);
    const draining = await timed(() => drainAll(storage, deliverers), serverCpu);
    const { accepted, imported } = (await storage.journal.counts())[connection]!;
    if (accepted !== batches * EVENTS_PER_BATCH || imported !== accepted)
      throw new Error(`${name} counts ${accepted} accepted and ${imported} imported`);
    milliseconds.sort((a, b) => a - b);
    const append = { p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) };
    const sent = Array.from({ length: batches }, (_, index) => bodies[index % bodies.length]!.length);
    const sum = sent.reduce((total, length) => total + length, 0);
    return {
      ...{ storage: name, events: accepted, append },
      bodyBytes: sum / accepted,
      storedBytes: (full - empty) / accepted,
      appendSeconds: appending.seconds,
      drainSeconds: draining.seconds,
      cpu: { append: appending.cpu, drain: draining.cpu },
    };
  } finally {
    await storage.close();
  }
}

/** Bytes on disk. */
async function sizeOf(storage: Storage, url: string): Promise<number> {
  if (storage.usedBytes !== undefined) return storage.usedBytes();
  const file = url.slice('sqlite:'.length);
  const sizes = await Promise.all([file, `${file}-wal`].map(async path => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function appendAll(
  { journal }: Storage,
  bodies: readonly Buffer[],
  batches: number,
  writers: number,
  milliseconds: number[],
): Promise<void> {
  let next = 0;
  await atOnce(writers, async () => {
    while (next < batches) {
      // A copy, as for a request: `append` takes over the memory.
      const body = new Uint8Array(bodies[next++ % bodies.length]!);
      const begun = performance.now();
      await journal.append({
        connection,
        receivedAt: Date.now(),
        events: EVENTS_PER_BATCH,
        body,
        profile: '{}',
      });
      milliseconds.push(performance.now() - begun);
    }
  });
}

async function drainAll({ journal }: Storage, deliverers: number): Promise<void> {
  const bounds = { leaseMs: 60_000, maxRows: 2_000, maxEvents: 2_000, maxBytes: 5_000_000, now: 0 };
  await atOnce(deliverers, async index => {
    const owner = `deliverer-${index}`;
    for (;;) {
      const rows = await journal.lease({ connection, owner, ...bounds });
      if (rows.length === 0) return;
      await journal.complete(owner, rows.map(outcomeOf));
    }
  });
}

/** The outcome of a delivery: everything imported, counted by 40 event names. */
function outcomeOf({ id, events }: LeasedBatch): BatchOutcome {
  const names = Array.from({ length: 40 }, (_, index) => `Event ${index}`);
  const days = names.map(event => ({ day: '2026-11-23', event, count: Math.ceil(events / names.length) }));
  return { id, imported: events, skipped: {}, deadLetters: [], notes: {}, days };
}

async function atOnce(count: number, work: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

async function timed(
  work: () => Promise<void>,
  serverCpu: () => Promise<number | undefined>,
): Promise<{ seconds: number; cpu: Cpu }> {
  const server = await serverCpu();
  const [begun, ours] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(ours);
  const after = await serverCpu();
  return {
    seconds,
    cpu: {
      ours: (user + system) / 1e6,
      server: after === undefined || server === undefined ? undefined : after - server,
    },
  };
}
