import fc from 'fast-check';
import { expect, it } from 'vitest';
import { later, type MonotonicMs, monotonicMs } from '../../clock/index.ts';
import { retryDelay } from '../../vendor-http/retry-delay.ts';
import {
  adoptWait,
  type Circuit,
  firstCircuit,
  nextCircuit,
  pauseOf,
  probesSetUp,
} from './circuit-breaker.ts';
import type { Failure } from './verdict.ts';

/**
 * The circuit breaker beside a model of the requests in flight, the time of the last failure and the number
 * of failures in a row. Time is virtual; requests end in any order, under any circuit they were sent in.
 */
const policy = { retryBaseMs: 2_000, retryMaxMs: 60_000, parkMs: 300_000, concurrency: 10 };
const longestRetry = 65_000;

interface Model {
  now: MonotonicMs;
  /** `since` of the circuit that each request was sent in. */
  inFlight: number[];
  /** Failures in a row that counted. */
  failures: number;
  /** No request may be sent before. */
  until: MonotonicMs;
}

interface Real {
  circuit: Circuit;
}

type Command = fc.Command<Model, Real>;
type Ending = 'settled' | { failure: Failure };

function command(
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => void,
): Command {
  return {
    check,
    toString: () => name,
    run(model, real) {
      run(model, real);
      const { limit } = real.circuit;
      expect(limit).toBeGreaterThanOrEqual(1);
      expect(limit).toBeLessThanOrEqual(policy.concurrency);
      if (model.failures === 0) expect(real.circuit.kind).toBe('flowing');
      else expect(real.circuit).toMatchObject({ failures: model.failures, until: model.until });
      expect(probesSetUp(real.circuit)).toBe(
        real.circuit.kind === 'parked' && real.circuit.failure.code !== 'mixpanel_refuses_all',
      );
    },
  };
}

/** Sends as delivery does: all requests that are allowed now. */
const send = fc.constant(
  command(
    'send',
    () => true,
    (model, real) => {
      while (pauseOf(real.circuit, model.now, model.inFlight.length) === 0) {
        expect(model.now).toBeGreaterThanOrEqual(model.until);
        if (model.failures > 0) expect(model.inFlight).toEqual([]);
        model.inFlight.push(real.circuit.since);
        expect(model.inFlight.length).toBeLessThanOrEqual(policy.concurrency);
      }
    },
  ),
);

const pass = fc.integer({ min: 1, max: 400_000 }).map(ms =>
  command(
    `pass ${ms} ms`,
    () => true,
    model => {
      model.now = later(model.now, ms);
    },
  ),
);

const retry = fc
  .record({
    code: fc.constantFrom('mixpanel_unreachable' as const, 'mixpanel_throttled' as const),
    retryAfterMs: fc.option(fc.integer({ min: 1, max: 3_600_000 }), { nil: undefined }),
  })
  .map((failure): Ending => ({ failure: { kind: 'retry', detail: '', ...failure } }));
const park = fc
  .constantFrom('mixpanel_credentials_refused' as const, 'mixpanel_refuses_all' as const)
  .map((code): Ending => ({ failure: { kind: 'park', code, detail: '' } }));
const ending = fc.oneof({ weight: 3, arbitrary: fc.constant<Ending>('settled') }, retry, park);

const end = fc
  .tuple(fc.nat(), ending, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([place, how, random]) =>
    command(
      how === 'settled' ? 'a request settles' : `a request fails: ${how.failure.code}`,
      ({ inFlight }) => inFlight.length > 0,
      (model, real) => {
        const inFlight = model.inFlight.length;
        const [sentSince] = model.inFlight.splice(place % inFlight, 1) as [number];
        const before = real.circuit;
        const counts = sentSince === before.since;
        const event =
          how === 'settled'
            ? { kind: 'settled' as const, sentSince, inFlight }
            : { kind: 'failed' as const, sentSince, failure: how.failure };
        real.circuit = nextCircuit(before, event, model.now, random, policy);
        if (!counts) {
          expect(real.circuit).toBe(before);
          return;
        }
        if (how === 'settled') {
          model.failures = 0;
          expect(real.circuit.limit).toBeLessThanOrEqual(before.limit + 1);
          return;
        }
        model.failures += 1;
        const { failure } = how;
        const wait =
          failure.kind === 'park'
            ? policy.parkMs
            : retryDelay(model.failures, random, policy, failure.retryAfterMs);
        model.until = later(model.now, wait);
        if (failure.kind === 'park') expect(real.circuit.limit).toBe(1);
        else {
          expect(wait).toBeGreaterThanOrEqual(failure.retryAfterMs ?? 0);
          expect(wait).toBeLessThanOrEqual(Math.max(longestRetry, failure.retryAfterMs ?? 0));
          expect(real.circuit.limit).toBe(Math.max(1, before.limit / 2));
        }
      },
    ),
  );

/** Storage has a wait: of another replica, or of this one a moment later than it began. */
const adopted = fc
  .record({ forMs: fc.integer({ min: 1, max: 3_600_000 }), failures: fc.integer({ min: 1, max: 9 }) })
  .map(({ forMs, failures }) =>
    command(
      `adopts a wait of ${forMs} ms`,
      () => true,
      (model, real) => {
        const before = real.circuit;
        const failure: Failure = {
          kind: 'retry',
          code: 'mixpanel_throttled',
          detail: '',
          retryAfterMs: forMs,
        };
        real.circuit = adoptWait(before, { forMs, failures, failure }, model.now);
        if (real.circuit === before) {
          expect(model.until).toBeGreaterThan(model.now + forMs - 1_000);
          return;
        }
        expect(real.circuit.since).toBeGreaterThan(before.since);
        expect(real.circuit.limit).toBeLessThanOrEqual(before.limit);
        model.failures = failures;
        model.until = later(model.now, forMs);
      },
    ),
  );

/**
 * With a working Mixpanel: after at most one wait requests are sent again, and a hundred answers later the
 * whole concurrency is used.
 */
function recovers(model: Model, real: Real): void {
  for (
    let answers = 0;
    real.circuit.limit < policy.concurrency || real.circuit.kind !== 'flowing';
    answers++
  ) {
    expect(answers, 'answers until the whole width').toBeLessThan(100);
    const pause = pauseOf(real.circuit, model.now, model.inFlight.length);
    if (pause !== undefined) model.now = later(model.now, pause);
    while (pauseOf(real.circuit, model.now, model.inFlight.length) === 0)
      model.inFlight.push(real.circuit.since);
    const inFlight = model.inFlight.length;
    const sentSince = model.inFlight.shift();
    if (sentSince === undefined) throw new Error('Nothing is in flight, and nothing may go out.');
    real.circuit = nextCircuit(real.circuit, { kind: 'settled', sentSince, inFlight }, model.now, 0, policy);
  }
}

it('keeps its waits and its limit through any order of answers, and always returns to full concurrency', () => {
  fc.assert(
    fc.property(
      fc.commands([send, send, pass, end, end, end, adopted], { maxCommands: 80, size: 'max' }),
      commands => {
        const model: Model = { now: monotonicMs(0), inFlight: [], failures: 0, until: monotonicMs(0) };
        const real: Real = { circuit: firstCircuit(policy) };
        fc.modelRun(() => ({ model, real }), commands);
        recovers(model, real);
      },
    ),
    { numRuns: 150 },
  );
});
