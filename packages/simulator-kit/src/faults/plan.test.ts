import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { createFaultPlan } from './plan.ts';
import { refusedOf } from './refused.ts';

const strikes = (plan: ReturnType<typeof createFaultPlan>, count: number, route = 'import') =>
  Array.from({ length: count }, () => plan.sample(route).failure !== undefined);

describe('a fault', () => {
  it('strikes the route it names, as often as it says, after those it lets pass', () => {
    const plan = createFaultPlan('seed');
    plan.add({ route: 'import', kind: 'status', status: 503, times: 2, skip: 1 });
    expect(strikes(plan, 3, 'export')).toEqual([false, false, false]);
    expect(strikes(plan, 5)).toEqual([false, true, true, false, false]);
    expect(plan.list()).toMatchObject([{ seen: 3, struck: 2 }]);
  });

  it('with a probability strikes in the same places for the same seed, whatever other faults there are', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (seed, probability) => {
        const alone = createFaultPlan(seed);
        alone.add({ route: 'import', kind: 'hang', probability });
        const among = createFaultPlan(seed);
        among.add({ route: 'import', kind: 'hang', probability });
        among.add({ route: 'export', kind: 'reset', probability: 0.5 });
        const pattern = strikes(alone, 40);
        const interleaved = pattern.map(() => {
          among.sample('export');
          return among.sample('import').failure !== undefined;
        });
        expect(interleaved).toEqual(pattern);
      }),
    );
  });

  it('with a span of simulated time strikes until that is over', () => {
    let now = 1_000;
    const plan = createFaultPlan('seed', { now: () => now });
    plan.add({ route: 'import', kind: 'status', status: 503, for: '10m' });
    expect(strikes(plan, 2)).toEqual([true, true]);
    now += 599_999;
    expect(strikes(plan, 1)).toEqual([true]);
    now += 1;
    expect(strikes(plan, 2)).toEqual([false, false]);
    expect(plan.list()).toMatchObject([{ struck: 3, until: '1970-01-01T00:10:01.000Z' }]);
  });

  it('that is partial refuses at least one record and none that is not there, the same ones for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.string(),
        (records, share, seed) => {
          const refused = refusedOf(records, share, createRandom(seed));
          expect(refused.size).toBeGreaterThan(0);
          for (const index of refused) expect(index).toBeLessThan(records);
          expect(refusedOf(records, share, createRandom(seed))).toEqual(refused);
          if (share === 1) expect(refused.size).toBe(records);
        },
      ),
    );
  });

  it('of latency lets others strike as well, and latencies add up', () => {
    const plan = createFaultPlan('seed');
    plan.add({ route: '*', kind: 'latency', milliseconds: 20 });
    plan.add({ route: 'import', kind: 'latency', milliseconds: 5 });
    plan.add({ route: 'import', kind: 'status', status: 500, times: 1 });
    plan.add({ route: 'import', kind: 'hang' });
    expect(plan.sample('import')).toMatchObject({ latency: 25, failure: { kind: 'status' } });
    expect(plan.sample('import')).toMatchObject({ latency: 25, failure: { kind: 'hang' } });
  });

  it('can be taken away alone or with all others', () => {
    const plan = createFaultPlan('seed');
    const { id } = plan.add({ route: '*', kind: 'reset' });
    plan.add({ route: '*', kind: 'hang' });
    expect([plan.remove(id), plan.remove(id)]).toEqual([true, false]);
    expect(plan.sample('import').failure?.kind).toBe('hang');
    plan.clear();
    expect(plan.sample('import').failure).toBeUndefined();
  });
});
