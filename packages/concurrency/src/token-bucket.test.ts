import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('a token bucket allows at most `limit` requests in any window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 }),
      (limit, pauses) => {
        const windowMs = 1_000;
        let now = 0;
        const bucket = new TokenBucket({
          limit,
          windowMs,
          burst: Math.ceil(limit / 2),
          monotonic: () => now,
        });
        const sent: number[] = [];
        for (const pause of pauses) {
          now += pause;
          sent.push(now + bucket.reserve());
        }
        for (const at of sent) {
          const inWindow = sent.filter(other => other >= at && other < at + windowMs - 0.001);
          expect(inWindow.length).toBeLessThanOrEqual(limit);
        }
      },
    ),
  );
});
