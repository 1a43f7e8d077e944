import {
  catalogue2026_07,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { deliveredDays } from './delivered-on.ts';
import { estimateDryRun } from './dry-run-estimate.ts';
import { DryRunTally } from './dry-run-tally.ts';

const now = Date.UTC(2026, 6, 1);
const profile = mappingOptionsText({ catalogueVersion: catalogue2026_07 });
const entries = customHttpEntries(catalogue2026_07);

/** A batch of events, some of which are skipped or become dead letters. */
const batch = fc
  .array(
    fc.record({
      entry: fc.constantFrom(...entries),
      seed: fc.nat(1_000),
      daysAgo: fc.nat(3),
      change: fc.constantFrom({}, {}, { id: '' }, { user: { user_id: 'b' } }, { event_type: 'users.Fax' }),
    }),
    { maxLength: 20 },
  )
  .map(drawn => ({
    profile,
    count: drawn.length,
    body: new TextEncoder().encode(
      JSON.stringify({
        events: drawn.map(({ entry, seed, daysAgo, change }) => ({
          ...sampleEvent(entry, { random: seededRandom(seed), time: now / 1_000 - daysAgo * 86_400 }),
          ...change,
        })),
      }),
    ),
  }));

it('Each event is counted once, as sent, skipped or dead-lettered, also when the tally is stored in between', () => {
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), fc.nat(6), (batches, cut) => {
      const whole = new DryRunTally();
      for (const each of batches) whole.add(each, now);
      const first = new DryRunTally();
      for (const each of batches.slice(0, cut)) first.add(each, now);
      const second = new DryRunTally(JSON.parse(JSON.stringify(first.stored())));
      for (const each of batches.slice(cut)) second.add(each, now);
      const stored = whole.stored();
      const sorted = (tally: typeof stored) => estimateDryRun(tally, deliveredDays([]), undefined);
      expect(sorted(second.stored())).toEqual(sorted(stored));
      const { skipped, deadLettered } = stored;
      const counts = [
        ...stored.days.map(({ count }) => count),
        ...Object.values(skipped),
        ...Object.values(deadLettered),
      ];
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
        batches.reduce((sum, { count }) => sum + count, 0),
      );
    }),
    { numRuns: 50 },
  );
});

it('Names beyond the bound are counted together', () => {
  const tally = new DryRunTally();
  for (let first = 0; first < 600; first += 100) {
    const events = Array.from({ length: 100 }, (_, index) => ({ event_type: `users.New${first + index}` }));
    tally.add({ body: new TextEncoder().encode(JSON.stringify({ events })), profile }, now);
  }
  expect(tally.stored()).toMatchObject({ deadLettered: { unknown_event_type: 600 }, moreUnlisted: 100 });
  expect(tally.stored().unlisted).toHaveLength(500);
});
