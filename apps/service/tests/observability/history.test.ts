import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-01T12:00:00Z');
const text = JSON.stringify({
  ...{ accepted: [1, 4], imported: [1, 3], backlog: 1, deadLetters: 0, oldestSeconds: 2 },
  ...{ acknowledgement: [[32, 1]], import: [] },
});

interface Answer {
  readonly points: readonly { readonly at: string }[];
}

/** A service whose storage has these spans before it starts. */
async function serviceWith(spans: readonly ['minute' | 'hour', number][]) {
  const clock = new ManualClock(start);
  let storage: Storage | undefined;
  const service = await RunningService.start(
    { DELIVERY_MODE: 'hold' },
    {
      clock,
      openStorage: async url => {
        storage = await openStorage(url);
        for (const [length, at] of spans)
          await storage.metricHistory.put({ connection: 'default', length, at, revision: 0, text });
        return storage;
      },
    },
  );
  return { service, clock, storage: storage! };
}

describe('GET /api/history', () => {
  it('answers the figures of the last 6 hours by minute, and of the last 14 days by hour', async () => {
    const hours = (count: number) => start - count * 60 * minuteMs;
    const { service } = await serviceWith([
      ['minute', hours(7)],
      ['minute', hours(1)],
      ['minute', start + 60 * minuteMs],
      ['hour', hours(15 * 24)],
      ['hour', hours(13 * 24)],
    ]);
    await using _ = service;
    const points = async (query: string) =>
      ((await (await service.get(`/api/history${query}`)).json()) as Answer).points;
    expect(await points('')).toEqual([
      {
        ...{ at: '2026-03-01T11:00:00.000Z', accepted: 3, imported: 2, backlog: 1, oldestSeconds: 2 },
        ...{ deadLetters: 0, acknowledgementP99Ms: 16, importP99Ms: null },
      },
    ]);
    expect(await points('?by=hour')).toMatchObject([{ at: '2026-02-16T12:00:00.000Z' }]);
    expect(await points('?connection=default%3Abackfill')).toEqual([]);
    expect((await service.get('/api/history?connection=other')).status).toBe(404);
  });

  it('has no more rows than those of its time: older ones are deleted', async () => {
    const { service, clock, storage } = await serviceWith([
      ['minute', start - minuteMs],
      ['hour', start],
    ]);
    await using _ = service;
    const rows = (length: 'minute' | 'hour') =>
      storage.metricHistory.list({ connection: 'default', length, from: 0 });
    const after = (hours: number, length: 'minute' | 'hour') =>
      vi.waitFor(async () => {
        await clock.advance(hours * 60 * minuteMs);
        expect(await rows(length)).toEqual([]);
      });
    await after(7, 'minute');
    expect(await rows('hour')).toHaveLength(1);
    await after(14 * 24, 'hour');
  });
});
