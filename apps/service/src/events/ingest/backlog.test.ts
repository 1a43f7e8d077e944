import type { ConnectionCounts } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, monotonicMs } from '../../clock/index.ts';
import { type Backlog, BacklogGate, nextOverfull, type Overfull } from './backlog.ts';

const bounds = { maxBytes: 1_000, maxAgeMs: 60_000 };
const backlog = (changes: Partial<Backlog>): Backlog => ({ bytes: 0, ageMs: 0, flowing: false, ...changes });
const next = (before: Overfull | undefined, changes: Partial<Backlog>) =>
  nextOverfull(before, backlog(changes), bounds);

describe('a backlog', () => {
  it('is overfull at its limit of bytes, and no longer once a fifth of it was delivered', () => {
    expect(next(undefined, { bytes: 999 })).toBeUndefined();
    expect(next(undefined, { bytes: 1_000 })).toBe('bytes');
    expect(next('bytes', { bytes: 801 })).toBe('bytes');
    expect(next('bytes', { bytes: 799 })).toBeUndefined();
  });

  it('is overfull by age while Mixpanel is unavailable, and never while batches are delivered', () => {
    expect(next(undefined, { ageMs: 60_000 })).toBe('age');
    expect(next('age', { ageMs: 49_000 })).toBe('age');
    expect(next('age', { ageMs: 47_000 })).toBeUndefined();
    expect(next('age', { ageMs: 600_000, flowing: true })).toBeUndefined();
  });

  it('has no limit of age where none is set', () => {
    const unbounded = { maxBytes: 1_000, maxAgeMs: undefined };
    expect(nextOverfull(undefined, backlog({ ageMs: 1e12 }), unbounded)).toBeUndefined();
  });

  it('accepts batches again when it is empty, after any history', () => {
    const some = fc.record({ bytes: fc.nat(3_000), ageMs: fc.nat(200_000), flowing: fc.boolean() });
    fc.assert(
      fc.property(fc.array(some), history => {
        let state: Overfull | undefined;
        for (const each of history) state = nextOverfull(state, each, bounds);
        expect(next(state, {})).toBeUndefined();
      }),
    );
  });
});

describe('the backlog gate', () => {
  let pendingBytes = 0;
  let queries = 0;
  let time = 0;
  const changes: (string | undefined)[] = [];
  const gateOf = (bytes: number) => {
    pendingBytes = bytes;
    queries = 0;
    changes.length = 0;
    return new BacklogGate({
      bounds: name => (name === 'default' ? { maxBytes: 1_000_000, maxAgeMs: undefined } : undefined),
      counts: async () => {
        queries += 1;
        return { default: { pendingBytes } as ConnectionCounts };
      },
      flowing: () => true,
      now: () => epochMs(0),
      monotonic: () => monotonicMs(time),
      onChange: (_connection, refusal) => changes.push(refusal),
    });
  };

  it('queries storage once for many requests, adds what was accepted since, and reports a change once', async () => {
    const gate = gateOf(900_000);
    for (let request = 0; request < 100; request += 1) expect(await gate.refusal('default')).toBeUndefined();
    expect(queries).toBe(1);

    gate.accepted('default', 150_000);
    for (let request = 0; request < 100; request += 1)
      expect(await gate.refusal('default')).toContain('BACKLOG_MAX_BYTES');
    expect(queries).toBe(1);
    expect(changes).toHaveLength(1);

    pendingBytes = 100_000;
    time += 2_000;
    await gate.refusal('default');
    expect(await gate.refusal('default')).toBeUndefined();
    expect(changes).toEqual([expect.stringContaining('1 MB'), undefined]);
  });

  it('applies counts that were read for another purpose', () => {
    const gate = gateOf(0);
    const counts = { default: { pendingBytes: 2_000_000 } as ConnectionCounts };
    expect(gate.observed(counts, 'default')).toContain('2 MB');
    expect(gate.observed({}, 'default')).toBeUndefined();
    expect(gate.observed(counts, 'unknown')).toBeUndefined();
  });
});
