import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, monotonicMs } from '../../clock/index.ts';
import {
  type Circuit,
  type CircuitEvent,
  firstCircuit,
  nextCircuit,
  pauseOf,
  probesSetUp,
} from './circuit-breaker.ts';
import type { Failure } from './verdict.ts';

const policy = { retryBaseMs: 2_000, retryMaxMs: 60_000, parkMs: 300_000, concurrency: 10 };
const down: Extract<Failure, { kind: 'retry' }> = {
  kind: 'retry',
  code: 'mixpanel_failing',
  detail: '503',
  retryAfterMs: undefined,
};
const refused: Failure = { kind: 'park', code: 'mixpanel_credentials_refused', detail: '401' };
const flowing: Circuit = { kind: 'flowing', since: 0, limit: 4 };
const after = (circuit: Circuit, event: CircuitEvent, now = 0) =>
  nextCircuit(circuit, event, monotonicMs(now), 0, policy);
const failed = (sentSince: number, failure: Failure = down): CircuitEvent => ({
  kind: 'failed',
  sentSince,
  failure,
});
const settled = (sentSince: number, inFlight = 1): CircuitEvent => ({ kind: 'settled', sentSince, inFlight });

describe('the circuit breaker of a delivery', () => {
  it('counts requests that were in flight together as one failure', () => {
    const retrying = after(flowing, failed(0));
    expect(retrying).toMatchObject({ kind: 'retrying', failures: 1, until: 3_000 });
    expect(after(retrying, failed(0))).toBe(retrying);
  });

  it('waits longer when the attempt after the wait fails as well', () => {
    const first = after(flowing, failed(0));
    expect(after(first, failed(first.since), 3_000)).toMatchObject({ failures: 2, until: 8_000 });
  });

  it('closes after a success, but not by a request that was sent before the wait began', () => {
    const retrying = after(flowing, failed(0));
    expect(after(retrying, settled(0))).toBe(retrying);
    expect(after(retrying, settled(retrying.since))).toMatchObject({ kind: 'flowing' });
  });

  it('parks while the configuration is refused', () => {
    expect(after(flowing, failed(0, refused), 1_000)).toMatchObject({ kind: 'parked', until: 301_000 });
  });

  it('observes a Retry-After', () => {
    expect(after(flowing, failed(0, { ...down, retryAfterMs: 40_000 }))).toMatchObject({ until: 40_000 });
  });

  it('allows one request after a wait, and several only when it is closed', () => {
    const retrying = after(flowing, failed(0));
    expect(pauseOf(flowing, monotonicMs(0), 3)).toBe(0);
    expect(pauseOf(flowing, monotonicMs(0), 4)).toBeUndefined();
    expect(pauseOf(retrying, monotonicMs(1_000), 0)).toBe(2_000);
    expect(pauseOf(retrying, monotonicMs(3_000), 0)).toBe(0);
    expect(pauseOf(retrying, monotonicMs(3_000), 1)).toBeUndefined();
  });

  it('compiles with readings of the monotonic clock only', () => {
    // @ts-expect-error: an instant of the wall clock
    expect(pauseOf(flowing, epochMs(0), 3)).toBe(0);
    // @ts-expect-error: a number of either clock
    expect(nextCircuit(flowing, settled(0), 0, 0, policy)).toBe(flowing);
  });

  it('never gets stuck: after any history, one success of a new request closes it', () => {
    const event = fc.record({ stale: fc.boolean(), kind: fc.constantFrom('settled', 'down', 'refused') });
    fc.assert(
      fc.property(fc.array(event), events => {
        let circuit: Circuit = flowing;
        for (const { stale, kind } of events) {
          const sentSince = stale ? circuit.since - 1 : circuit.since;
          circuit = after(
            circuit,
            kind === 'settled' ? settled(sentSince) : failed(sentSince, kind === 'down' ? down : refused),
          );
        }
        expect(after(circuit, settled(circuit.since)).kind).toBe('flowing');
      }),
    );
  });

  it('tests a corrected configuration with one batch, but not after whole requests were refused without a reason', () => {
    expect(probesSetUp(after(flowing, failed(0, refused)))).toBe(true);
    expect(probesSetUp(after(flowing, failed(0, { ...refused, code: 'mixpanel_refuses_all' })))).toBe(false);
    expect(probesSetUp(after(flowing, failed(0)))).toBe(false);
    expect(probesSetUp(flowing)).toBe(false);
  });
});

describe('the limit of requests in flight', () => {
  const full = (circuit: Circuit) => after(circuit, settled(circuit.since, Math.floor(circuit.limit)));
  const histories = fc.array(fc.constantFrom('settled', 'idle', 'down', 'refused'), { maxLength: 200 });
  const step = (circuit: Circuit, kind: string): Circuit => {
    if (kind === 'settled') return full(circuit);
    if (kind === 'idle') return after(circuit, settled(circuit.since, 0));
    return after(circuit, failed(circuit.since, kind === 'down' ? down : refused));
  };

  it('stays between one and the configured number; no failure raises it, no success lowers it', () => {
    fc.assert(
      fc.property(histories, kinds => {
        let circuit = firstCircuit(policy);
        for (const kind of kinds) {
          const next = step(circuit, kind);
          expect(next.limit).toBeGreaterThanOrEqual(1);
          expect(next.limit).toBeLessThanOrEqual(policy.concurrency);
          if (kind === 'down' || kind === 'refused') expect(next.limit).toBeLessThanOrEqual(circuit.limit);
          else expect(next.limit).toBeGreaterThanOrEqual(circuit.limit);
          circuit = next;
        }
      }),
    );
  });

  it('is one after a series of failures and the maximum after a series of successes, from any history', () => {
    fc.assert(
      fc.property(histories, kinds => {
        const circuit = kinds.reduce(step, firstCircuit(policy));
        const throttled = Array.from({ length: 4 }, () => 'down').reduce(step, circuit);
        expect(throttled.limit).toBe(1);
        const well = Array.from({ length: 60 }, () => 'settled').reduce(step, throttled);
        expect(well.limit).toBe(policy.concurrency);
      }),
    );
  });

  it('does not grow while fewer requests are used than allowed', () => {
    expect(after(flowing, settled(0, 3)).limit).toBe(4);
    expect(after(flowing, settled(0, 4)).limit).toBe(4.25);
  });

  it('begins again with one once a refused configuration is corrected', () => {
    const parked = after(flowing, failed(0, refused));
    expect(full(parked)).toMatchObject({ kind: 'flowing', limit: 1 });
  });
});
