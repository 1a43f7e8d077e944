import {
  catalogue2026_07,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapRow } from '../events/delivery/map-rows.ts';
import { deliveredDays, sumOf } from './delivered-on.ts';
import { estimateDryRun } from './dry-run-estimate.ts';
import { DryRunTally, type StoredDryRunTally } from './dry-run-tally.ts';

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

const countOf = ({ days, copies, skipped, deadLettered }: StoredDryRunTally): number =>
  sumOf(days) +
  sumOf(copies) +
  [...Object.values(skipped), ...Object.values(deadLettered)].reduce((sum, count) => sum + count, 0);

it('Each event is counted once, as sent, copy, skipped or dead-lettered, also when the tally is stored in between', () => {
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), fc.nat(6), (batches, cut) => {
      const whole = new DryRunTally();
      for (const each of batches) whole.add(each, now);
      const first = new DryRunTally();
      for (const each of batches.slice(0, cut)) first.add(each, now);
      const second = new DryRunTally(JSON.parse(JSON.stringify(first.stored())));
      for (const each of batches.slice(cut)) second.add(each, now);
      const { days, copies, allCopiesKnown, ...stored } = whole.stored();
      const { days: ___, copies: __, allCopiesKnown: _, ...resumed } = second.stored();
      expect(resumed).toEqual(stored);
      const all = batches.reduce((sum, { count }) => sum + count, 0);
      expect([whole, second].map(tally => countOf(tally.stored()))).toEqual([all, all]);
      expect(allCopiesKnown).toBe(true);
      const sent = batches.flatMap(each => mapRow(each, now).outbound);
      const unique = new Set(
        sent.map(({ insertId, event, time, distinctId }) =>
          JSON.stringify([insertId, event, time, distinctId]),
        ),
      );
      expect([sumOf(days), sumOf(copies)]).toEqual([unique.size, sent.length - unique.size]);
    }),
    { numRuns: 50 },
  );
});

it('An event that the files have twice is one event and one copy, and a tally that cannot know says so', () => {
  const add = (tally: DryRunTally, ids: readonly number[]) => {
    const event = (id: number) => ({
      ...{ event_type: 'users.messages.email.Open', id: `e-${id}`, time: now / 1_000 },
      ...{ user: { external_user_id: 'u' }, properties: {} },
    });
    const events = ids.map(event);
    tally.add({ body: new TextEncoder().encode(JSON.stringify({ events })), profile }, now);
    return estimateDryRun(tally.stored(), deliveredDays([]), 1_000_000);
  };
  expect(add(new DryRunTally(), [1, 2, 1])).toMatchObject({
    ...{ events: 2, billed: 2, cost: 2, copies: 1, allCopiesKnown: true },
    byEvent: [{ inFiles: 2 }],
  });
  const many = Array.from({ length: 4_096 }, (_, id) => id);
  expect(add(new DryRunTally(undefined, 4_096), many)).toMatchObject({
    ...{ events: 4_096, copies: 0, allCopiesKnown: false },
  });
  const stored = new DryRunTally();
  add(stored, [1]);
  expect(add(new DryRunTally(stored.stored()), [1])).toMatchObject({ events: 2, allCopiesKnown: false });
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
