import { type ConnectionCounts, openStorage, type Storage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pointsOf } from './figures.ts';
import { Latencies } from './latencies.ts';
import { MetricRecorder } from './metric-recorder.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const logger = pino({ level: 'silent' });

let storage: Storage;
beforeEach(async () => {
  storage = await openStorage('sqlite::memory:');
});
afterEach(() => storage.close());

/** A recorder of one connection whose counts and time a test sets. */
class Recorded {
  now = start;
  counts: Pick<ConnectionCounts, 'accepted' | 'imported' | 'pending' | 'deadLettered' | 'oldestPendingAt'> = {
    accepted: 0,
    imported: 0,
    pending: 0,
    deadLettered: {},
    oldestPendingAt: undefined,
  };
  readonly latencies = new Latencies();
  readonly recorder: MetricRecorder;

  constructor(connections: () => Iterable<string> = () => ['default']) {
    this.recorder = new MetricRecorder({
      ...{ store: storage.metricHistory, latencies: this.latencies, connections, logger },
      now: () => this.now,
      journal: { counts: async () => ({ default: { ...this.counts } as ConnectionCounts }) },
    });
  }

  /** Reads the counts at a later time. */
  async after(ms: number, counts: Partial<Recorded['counts']> = {}): Promise<void> {
    this.now += ms;
    Object.assign(this.counts, counts);
    await this.recorder.record();
  }
}

const points = async (length: 'minute' | 'hour', connection = 'default') =>
  (await storage.metricHistory.list({ connection, length, from: 0 })).flatMap(pointsOf);

describe('the history of figures', () => {
  it('has what happened in each minute and hour', async () => {
    const each = new Recorded();
    await each.recorder.record();
    each.latencies.add('default', 'acknowledgement', 10);
    await each.after(60_000, { accepted: 5, imported: 2, pending: 3, oldestPendingAt: start + 30_000 });
    const ended = {
      pending: 0,
      deadLettered: { invalid_time: 1, unreadable: 1 },
      oldestPendingAt: undefined,
    };
    await each.after(60_000, { accepted: 11, imported: 9, ...ended });
    const empty = { acknowledgementP99Ms: null, importP99Ms: null };
    expect(await points('minute')).toEqual([
      {
        ...{ at: '2026-03-01T12:00:00.000Z', accepted: 5, imported: 2, backlog: 3, oldestSeconds: 30 },
        ...{ deadLetters: 0, acknowledgementP99Ms: 10, importP99Ms: null },
      },
      {
        ...{ at: '2026-03-01T12:01:00.000Z', accepted: 6, imported: 7, backlog: 0, oldestSeconds: 0 },
        ...{ deadLetters: 2, ...empty },
      },
    ]);
    expect(await points('hour')).toMatchObject([
      { at: '2026-03-01T12:00:00.000Z', accepted: 11, imported: 9, backlog: 3, acknowledgementP99Ms: 10 },
    ]);
  });

  it('lacks a minute that was not read, instead of having zeros for it', async () => {
    const each = new Recorded();
    await each.recorder.record();
    await each.after(60_000, { accepted: 1 });
    await each.after(5 * 60_000, { accepted: 6 });
    await each.after(60_000, { accepted: 7 });
    expect((await points('minute')).map(({ at, accepted }) => [at.slice(11, 16), accepted])).toEqual([
      ['12:00', 1],
      ['12:06', 1],
    ]);
  });

  it('counts each event once, whatever the times of its readings', async () => {
    const reading = fc.record({ ms: fc.integer({ min: 1, max: 90_000 }), accepted: fc.nat(1_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 8 }), async readings => {
        await storage.metricHistory.dropBefore('minute', Number.MAX_SAFE_INTEGER);
        const each = new Recorded();
        await each.recorder.record();
        for (const { ms, accepted } of readings)
          await each.after(ms, { accepted: each.counts.accepted + accepted });
        const recorded = (await points('minute')).reduce((sum, { accepted }) => sum + accepted, 0);
        expect(recorded).toBe(each.counts.accepted);
      }),
      { numRuns: 30 },
    );
  });

  it('is one row for all replicas, with the latencies of all and the counts of storage', async () => {
    const replicas = [new Recorded(), new Recorded(), new Recorded()];
    await Promise.all(replicas.map(each => each.recorder.record()));
    for (const [index, each] of replicas.entries()) each.latencies.add('default', 'import', 100 * index);
    await Promise.all(replicas.map(each => each.after(60_000, { accepted: 8, imported: 8 })));
    expect(await points('minute')).toMatchObject([{ accepted: 8, imported: 8 }]);
    const [stored] = await storage.metricHistory.list({ connection: 'default', length: 'minute', from: 0 });
    const { import: latencies } = JSON.parse(stored!.text);
    expect(latencies.reduce((sum: number, [, count]: number[]) => sum + count!, 0)).toBe(3);
  });

  it('has a connection without events, and a queue of back-filled events from its first one on', async () => {
    const each = new Recorded(() => ['quiet', 'quiet:backfill']);
    await each.recorder.record();
    await each.after(60_000);
    expect(await points('minute', 'quiet')).toMatchObject([{ accepted: 0, importP99Ms: null }]);
    expect(await points('minute', 'quiet:backfill')).toEqual([]);
  });

  it('writes a damaged row anew', async () => {
    const span = { connection: 'default', length: 'minute' as const, at: start, revision: 0 };
    await storage.metricHistory.put({ ...span, text: '{"accepted":' });
    expect(await points('minute')).toEqual([]);
    const each = new Recorded();
    await each.recorder.record();
    await each.after(60_000, { accepted: 5 });
    expect(await points('minute')).toMatchObject([{ accepted: 5 }]);
  });

  it('is written at the end of each minute, also if the timer is early or the clock stands still', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const each = new Recorded();
    each.now = start + 59_990;
    const read = vi.spyOn(each.recorder, 'record');
    await each.recorder.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(read).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(10);
    expect(read).toHaveBeenCalledTimes(3);
    await each.recorder.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(read).toHaveBeenCalledTimes(3);
    vi.useRealTimers();
  });
});
