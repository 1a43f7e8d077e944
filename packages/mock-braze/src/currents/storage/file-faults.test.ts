import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event } from '../../testing/servers.ts';
import { storageWorld } from '../../testing/storage-world.ts';

const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => event(`${prefix}-${index}`));
const events = (count: number) => many(count, 'e');

async function worldWith(faults: object, count = 3) {
  const world = await storageWorld();
  const { status } = await world.call('POST', '/_sim/currents', { kind: 'storage', launch: true, faults });
  expect(status).toBe(201);
  await world.call('POST', '/_sim/emit', { events: events(count) });
  return { ...world, report: async () => (await world.call('GET', '/_sim/currents/current-1')).body };
}

describe('a storage Current', () => {
  it('writes events a second time in another file on request', async () => {
    const { read, report } = await worldWith({ repeated: 1 });
    const [first, second] = await read();
    expect(first?.events).toHaveLength(3);
    expect(second?.events).toEqual(first?.events);
    expect(await report()).toMatchObject({ sent: 3, files: { written: 2, repeated: 1 } });
  });

  it('writes files later under their old hour on request', async () => {
    const { clock, read, report } = await worldWith({ late: 1, lateBy: '3h' });
    expect(await read()).toEqual([]);
    expect(await report()).toMatchObject({ sent: 0, queues: [{ waiting: 3 }], failingSince: null });
    await clock.advance(3 * 3_600_000 - 1);
    expect(await read()).toEqual([]);
    await clock.advance(1);
    expect(await read()).toMatchObject([{ path: expect.stringContaining('date=2026-07-21-10') }]);
    expect(await report()).toMatchObject({
      sent: 3,
      files: { written: 1, late: 1 },
      queues: [{ waiting: 0 }],
    });
  });

  it('writes late files of each hour at their own time', async () => {
    const { call, clock, read } = await worldWith({ late: 1, lateBy: '2h' }, 1);
    await clock.advance(3_600_000);
    await call('POST', '/_sim/emit', { events: [event('second')] });
    await clock.advance(3_600_000);
    expect((await read()).map(({ path }) => /date=([\d-]+)/.exec(path)?.[1])).toEqual(['2026-07-21-10']);
    await clock.advance(3_600_000);
    expect(await read()).toHaveLength(2);
  });

  it('keeps late files over a pause', async () => {
    const { call, clock, read } = await worldWith({ late: 1, lateBy: '2h' });
    await call('POST', '/_sim/currents/current-1/pause');
    await clock.advance(3 * 3_600_000);
    expect(await read()).toEqual([]);
    await call('POST', '/_sim/currents/current-1/launch');
    await clock.advance(1);
    expect(await read()).toHaveLength(1);
  });

  it.each(['corrupt', 'truncated'])('writes %s files on request, and counts what they lose', async fault => {
    const { read, report } = await worldWith({ [fault]: 1 }, 1_000);
    const [file] = await read();
    const { files, sent } = (await report()) as { files: { unreadable: number }; sent: number };
    expect(sent).toBe(1_000);
    expect(files).toMatchObject({ written: 1, [fault]: 1 });
    expect(files.unreadable).toBeGreaterThan(0);
    expect(file?.events).toHaveLength(1_000 - files.unreadable);
    expect(file?.faults).toHaveLength(1);
  });

  it('has duplicates within files as other Currents do', async () => {
    const { call, read } = await storageWorld();
    await call('POST', '/_sim/currents', { kind: 'storage', launch: true });
    await call('POST', '/_sim/emit', { events: events(2), duplicates: 1 });
    expect((await read())[0]?.events.map(({ id }) => id)).toEqual(['e-0', 'e-0', 'e-1', 'e-1']);
  });

  it('loses no event without counting it, whichever files go wrong', async () => {
    const share = fc.constantFrom(0, 0.3, 1);
    const faults = fc.record({ late: share, corrupt: share, truncated: share });
    const emissions = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(faults, emissions, fc.integer(), async (faults, emissions, seed) => {
        const { call, clock, read } = await storageWorld({ seed });
        await call('POST', '/_sim/currents', { kind: 'storage', launch: true, faults });
        const emitted = emissions.map((count, round) => many(count, `round-${round}`));
        for (const events of emitted) {
          await call('POST', '/_sim/emit', { events });
          await clock.advance(40 * 60_000);
        }
        await clock.advance(2 * 3_600_000);
        const { body } = await call('GET', '/_sim/currents/current-1');
        const { sent, files } = body as { sent: number; files: { unreadable: number; written: number } };
        const ids = (await read()).flatMap(file => file.events.map(({ id }) => id));
        const all = new Set(emitted.flat().map(({ id }) => id));
        expect(sent).toBe(all.size);
        expect(await read()).toHaveLength(files.written);
        expect(ids).toHaveLength(all.size - files.unreadable);
        expect(new Set(ids).isSubsetOf(all)).toBe(true);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('is not created with a share above 1', async () => {
    const { call } = await storageWorld();
    const answer = await call('POST', '/_sim/currents', { kind: 'storage', faults: { late: 2 } });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining('faults.late') } });
  });
});
