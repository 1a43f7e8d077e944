import fc from 'fast-check';
import { expect, it } from 'vitest';
import { estimateCost } from './cost.ts';

const request = { connection: 'default', shadow: false, to: '2026-11-10', pricePerMillion: 200 };

it('a month costs thirty days of the average of the counted days, and exempt events are free', () => {
  const counts = [
    { day: '2026-11-06', event: 'Email Open', count: 500_000 },
    { day: '2026-11-08', event: 'Email Open', count: 500_000 },
    { day: '2026-11-08', event: 'Email Send', count: 4_000_000 },
    { day: '2026-11-09', event: 'SMS Send To Carrier', count: 250_000 },
  ];
  expect(estimateCost(counts, request)).toMatchObject({
    period: { from: '2026-11-06', to: '2026-11-10', days: 5 },
    events: 5_250_000,
    billed: 1_250_000,
    month: { events: 31_500_000, billed: 7_500_000, cost: 1_500 },
    byEvent: [
      { event: 'Email Open', billing: 'billed', events: 1_000_000, monthEvents: 6_000_000, monthCost: 1_200 },
      { event: 'SMS Send To Carrier', exemptAs: 'SMS Send to Carrier', monthCost: 300 },
      { event: 'Email Send', billing: 'exempt', monthEvents: 24_000_000, monthCost: 0 },
    ],
  });
});

it('without a price the counts and the billed share are known, and no cost is', () => {
  const counts = [{ day: '2026-11-10', event: 'Email Open', count: 10 }];
  expect(estimateCost(counts, { ...request, pricePerMillion: undefined })).toMatchObject({
    billed: 10,
    month: { billed: 300, cost: null },
    byEvent: [{ monthCost: null }],
  });
});

it('without a counted day there is no period and no month, rather than a month that costs nothing', () => {
  expect(estimateCost([], request)).toMatchObject({ period: null, month: null, byEvent: [] });
});

it('the costs of all events add up to the cost of the month', () => {
  const names = ['Email Open', 'Email Send', 'Purchase', '[Braze Custom Event] a'];
  const count = fc.record({
    day: fc.integer({ min: 1, max: 10 }).map(day => `2026-11-${String(day).padStart(2, '0')}`),
    event: fc.constantFrom(...names),
    count: fc.integer({ min: 1, max: 10_000_000 }),
  });
  fc.assert(
    fc.property(fc.array(count, { minLength: 1 }), counts => {
      const { month, byEvent } = estimateCost(counts, request);
      const costs = byEvent.reduce((sum, { monthCost }) => sum + (monthCost ?? Number.NaN), 0);
      expect(costs).toBeCloseTo(month?.cost ?? Number.NaN, 4);
    }),
  );
});
