import { Semaphore } from '@braze-mixpanel/concurrency';
import { openStorage } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Activity } from '../../clock/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Sink } from '../sinks/sink.ts';
import { StoredSync } from './stored-sync.ts';
import { newRecord, type Trigger } from './sync-record.ts';
import { SyncRunner } from './sync-runner.ts';

const intervalMs = 7_200_000;
const sink: Sink = {
  kind: 'partner',
  groupSize: 1_000,
  concurrency: 1,
  introduce: async () => ({ kind: 'accepted', refused: [] }),
  send: async () => ({ kind: 'accepted', refused: [] }),
  preview: () => ({}),
  billedUpdates: () => 0,
  assignments: () => 0,
};

let storage: Awaited<ReturnType<typeof openStorage>>;
beforeEach(async () => {
  storage = await openStorage('sqlite::memory:');
});
afterEach(() => storage.close());

/** A schedule whose runs are recorded and end when the test resolves them. */
function schedule() {
  const clock = new ManualClock();
  const wanted = { connection: 'default', cohort: '7', mode: 'dynamic', origin: 'api' } as const;
  const record = newRecord({ ...wanted, source: 'query', sink: 'partner', intervalMs }, clock.now());
  const sync = new StoredSync({ ...record, due: clock.now() + intervalMs }, storage.cohorts);
  const runs: { trigger: Trigger; stop: AbortSignal; end: () => void }[] = [];
  const stopping = new AbortController();
  const runner = new SyncRunner({
    sync,
    store: storage.cohorts,
    clock,
    ...{
      sinks: { partner: sink, track: sink },
      connection: { resendIntervalMs: 30 * 86_400_000, safetyStop: { over: 1_000 } },
    },
    ...{ logger: pino({ level: 'silent' }), semaphore: new Semaphore(1), activity: new Activity() },
    stop: stopping.signal,
    run: (trigger, stop) =>
      new Promise(resolve => {
        const end = () => resolve({ outcome: 'unchanged', problem: undefined });
        runs.push({ trigger, stop, end });
        stop.addEventListener('abort', end);
      }),
  });
  const begun = async (count: number) => {
    await expect.poll(() => runs.length).toBe(count);
    return runs.at(-1)!;
  };
  return { clock, runner, runs, begun, stopping };
}

describe('the schedule of a sync', () => {
  it('follows any number of triggers during a run by one more run', async () => {
    const { runner, runs, begun } = schedule();
    const first = runner.trigger('start');
    const { end } = await begun(1);
    const second = runner.trigger('webhook');
    const third = runner.trigger('webhook');
    end();
    await first;
    (await begun(2)).end();
    await Promise.all([second, third]);
    expect(runs.map(({ trigger }) => trigger)).toEqual(['start', 'webhook']);
    expect(runner.running).toBeUndefined();
  });

  it('keeps a manual trigger, with any others that wait', async () => {
    const { runner, begun } = schedule();
    const triggers = [runner.trigger('start')];
    const { end } = await begun(1);
    triggers.push(runner.trigger('webhook'), runner.trigger('manual'), runner.trigger('schedule'));
    end();
    const next = await begun(2);
    expect(next.trigger).toBe('manual');
    next.end();
    await Promise.all(triggers);
  });

  it('runs at its interval, and not before', async () => {
    const { clock, runner, runs, begun } = schedule();
    runner.schedule();
    await clock.advance(intervalMs - 1);
    expect(runs).toEqual([]);
    const due = clock.advance(1);
    const run = await begun(1);
    expect(run.trigger).toBe('schedule');
    run.end();
    await due;
    expect(runner.nextRunAt).toBe(clock.now() + intervalMs);
  });

  it('ends only the run in progress when it is halted', async () => {
    const { runner, begun } = schedule();
    const first = runner.trigger('start');
    const { stop } = await begun(1);
    runner.halt();
    await first;
    expect(stop.aborted).toBe(true);
    const second = runner.trigger('start');
    const next = await begun(2);
    expect(next.stop.aborted).toBe(false);
    next.end();
    await second;
  });

  it('changes a sync only between two runs', async () => {
    const { runner, begun } = schedule();
    let changed = false;
    const run = runner.trigger('start');
    const change = runner.exclusively(async () => {
      changed = true;
    });
    const { end } = await begun(1);
    expect(changed).toBe(false);
    end();
    await Promise.all([run, change]);
    expect(changed).toBe(true);
  });

  it('starts no run once the service stops', async () => {
    const { runner, runs, stopping } = schedule();
    stopping.abort();
    await runner.trigger('start');
    runner.schedule();
    await runner.close();
    expect(runs).toEqual([]);
  });
});
