import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { type Fault, type FaultInput, refusedBy } from './fault.ts';
import { FaultPlan } from './plan.ts';

const applied = (plan: FaultPlan, count: number, route = 'import') =>
  Array.from({ length: count }, () => plan.sample(route).length > 0);

describe('a fault', () => {
  it('applies to its route `times` times, after the first `skip` requests', () => {
    const plan = new FaultPlan('seed');
    plan.add({ route: 'import', kind: 'status', status: 503, times: 2, skip: 1 });
    expect(applied(plan, 3, 'export')).toEqual([false, false, false]);
    expect(applied(plan, 5)).toEqual([false, true, true, false, false]);
    expect(plan.list()).toMatchObject([{ seen: 3, struck: 2 }]);
  });

  it('with a probability applies to the same requests for the same seed, regardless of other faults', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (seed, probability) => {
        const alone = new FaultPlan(seed);
        alone.add({ route: 'import', kind: 'hang', probability });
        const among = new FaultPlan(seed);
        among.add({ route: 'import', kind: 'hang', probability });
        among.add({ route: 'export', kind: 'reset', probability: 0.5 });
        const pattern = applied(alone, 40);
        const interleaved = pattern.map(() => {
          among.sample('export');
          return among.sample('import').length > 0;
        });
        expect(interleaved).toEqual(pattern);
      }),
    );
  });

  it('with a seed of its own applies to the same requests, whatever the seed of the simulator', () => {
    const pattern = (seed: string, own?: number) => {
      const plan = new FaultPlan(seed);
      plan.add({ route: 'import', kind: 'hang', probability: 0.5, ...(own !== undefined && { seed: own }) });
      return applied(plan, 40);
    };
    expect(pattern('one', 7)).toEqual(pattern('other', 7));
    expect(pattern('one')).not.toEqual(pattern('other'));
  });

  it('with a span of simulated time applies until the span ends', () => {
    let now = 1_000;
    const plan = new FaultPlan('seed', { now: () => now });
    plan.add({ route: 'import', kind: 'status', status: 503, for: '10m' });
    expect(applied(plan, 2)).toEqual([true, true]);
    now += 599_999;
    expect(applied(plan, 1)).toEqual([true]);
    now += 1;
    expect(applied(plan, 2)).toEqual([false, false]);
    expect(plan.list()).toMatchObject([{ struck: 3, until: '1970-01-01T00:10:01.000Z' }]);
  });

  it('of kind partial rejects at least one of the records, the same ones for the same seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.string(),
        (records, share, seed) => {
          const fault = { kind: 'partial', share } as Fault;
          const refusedOf = () => refusedBy([{ fault, random: createRandom(seed) }])!(records);
          const refused = refusedOf();
          expect(refused.size).toBeGreaterThan(0);
          for (const index of refused) expect(index).toBeLessThan(records);
          expect(refusedOf()).toEqual(refused);
          if (share === 1) expect(refused.size).toBe(records);
        },
      ),
    );
  });

  it('of kind latency combines with other latencies and with one failure', () => {
    const plan = new FaultPlan('seed');
    plan.add({ route: '*', kind: 'latency', milliseconds: 20 });
    plan.add({ route: 'import', kind: 'latency', milliseconds: 5 });
    plan.add({ route: 'import', kind: 'status', status: 500, times: 1 });
    plan.add({ route: 'import', kind: 'hang' });
    const kinds = () => plan.sample('import').map(({ fault }) => fault.kind);
    expect(kinds()).toEqual(['latency', 'latency', 'status']);
    expect(kinds()).toEqual(['latency', 'latency', 'hang']);
  });

  const down: FaultInput = { route: '*', kind: 'status', status: 503 };
  const throttled: FaultInput = { route: 'import', kind: 'status', status: 429, times: 1 };
  const partial: FaultInput = { route: 'import', kind: 'partial' };
  const lost: FaultInput = { route: '*', kind: 'lost-answer' };
  const planOf = (...faults: FaultInput[]) => {
    const plan = new FaultPlan('seed');
    for (const fault of faults) plan.add(fault);
    return plan;
  };
  const sampledIn = (plan: FaultPlan) => plan.sample('import').map(({ id }) => id);

  it.each<[string, FaultInput, FaultInput]>([
    ['one that refuses records', partial, down],
    ['one that loses answers', lost, { route: 'import', kind: 'hang' }],
    ['one that hangs after handling', { route: '*', kind: 'hang', after: 'handling' }, throttled],
    ['one of a single route', throttled, down],
    ['a reset of a single route', { route: 'import', kind: 'reset' }, { route: '*', kind: 'hang' }],
  ])(
    'that answers in place of the server applies before %s, which was added earlier',
    (_, earlier, later) => {
      const plan = planOf(earlier, later);
      expect(sampledIn(plan)).toEqual(['fault-2']);
      expect(plan.list()).toMatchObject([{ seen: 0 }, { struck: 1 }]);
    },
  );

  it('of a single route applies where the one of every route leaves a request to it', () => {
    const plan = planOf(throttled, { ...down, times: 1 });
    expect([sampledIn(plan), sampledIn(plan)]).toEqual([['fault-2'], ['fault-1']]);
  });

  it('applies in the order of adding where two are alike', () => {
    const plan = planOf({ ...throttled, times: 1 }, { ...throttled, status: 500 });
    expect([sampledIn(plan), sampledIn(plan)]).toEqual([['fault-1'], ['fault-2']]);
  });

  it('that refuses records combines with one that loses the answer, and with another that refuses records', () => {
    expect(sampledIn(planOf(lost, partial))).toEqual(['fault-2', 'fault-1']);
    const sampled = planOf({ ...partial, share: 0.01 }, { ...partial, share: 1 }).sample('import');
    expect(refusedBy(sampled)!(20).size).toBe(20);
  });

  it('names the one that applies to every request in its place', () => {
    const shadows = (plan: FaultPlan) => plan.list().map(({ shadowedBy }) => shadowedBy);
    expect(shadows(planOf(partial, lost, { ...down, route: 'export' }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(shadows(planOf(partial, { ...down, probability: 0.5 }))).toEqual([undefined, undefined]);
    expect(shadows(planOf(lost, { ...throttled, route: 'import' }))).toEqual([undefined, undefined]);
    expect(shadows(planOf({ route: '*', kind: 'latency', milliseconds: 1 }, down))).toEqual([
      undefined,
      undefined,
    ]);
    const plan = planOf(partial, { ...down, skip: 1, times: 1 });
    expect(shadows(plan)).toEqual([undefined, undefined]);
    sampledIn(plan);
    expect(shadows(plan)).toEqual(['fault-2', undefined]);
    sampledIn(plan);
    expect(shadows(plan)).toEqual([undefined, undefined]);
  });

  it('can be removed alone or with all others', () => {
    const plan = new FaultPlan('seed');
    const { id } = plan.add({ route: '*', kind: 'reset' });
    plan.add({ route: '*', kind: 'hang' });
    expect([plan.remove(id), plan.remove(id)]).toEqual([true, false]);
    expect(plan.sample('import')).toMatchObject([{ fault: { kind: 'hang' } }]);
    plan.clear();
    expect(plan.sample('import')).toEqual([]);
  });
});
