import { expect, it } from 'vitest';
import { idFindings } from './id-findings.ts';

const day = (heaviest: [string, number][], error = 0, events = 10_000_000) => ({
  ...{ day: '2026-01-31', events, ids: 3, error, sample: [] },
  heaviest: heaviest.map(([id, count]) => ({ id, events: count })),
});

it.each([
  ['one over the limit', day([['ada', 200_001]]), /^On 2026-01-31, one ID has more than 200,000 events/],
  [
    'several over the limit',
    day([
      ['ada', 300_000],
      ['grace', 200_001],
      ['alan', 9],
    ]),
    /2 IDs have more than/,
  ],
  ['a count that may be too low', day([['ada', 199_990]], 11), /an ID may have more than 200,000 events/],
])('%s is a finding, without the id', (_, of, message) => {
  const [finding] = idFindings({ ids: { days: [of] } });
  expect(finding?.message).toMatch(message);
  expect(JSON.stringify(finding)).not.toMatch(/ada|grace/);
});

it.each([
  ['200,000 events', day([['ada', 200_000]])],
  ['an error that no id can have', day([['ada', 2]], 300_000, 150_000)],
  ['no events', day([], 0, 0)],
])('%s are no finding', (_, of) => {
  expect(idFindings({ ids: { days: [of] } })).toEqual([]);
});

it('an id over the limit on two days is one finding that names both', () => {
  const days = ['2026-01-30', '2026-01-31'].map(each => ({ ...day([['ada', 300_000]]), day: each }));
  const found = idFindings({ ids: { days } });
  expect(found).toMatchObject([{ id: 'hot_ids', severity: 'warning' }]);
  expect(found[0]?.message).toMatch(/2026-01-30.*2026-01-31/);
});

it('external ids that look like placeholders are a finding with samples', () => {
  const placeholders = { events: 2, samples: ['{{ id }}'] };
  expect(idFindings({ placeholders })).toMatchObject([
    {
      id: 'placeholder_ids',
      message: '2 events had an external ID that looks like a placeholder, such as "{{ id }}".',
    },
  ]);
  expect(idFindings({ placeholders: { events: 1, samples: [] } })).toMatchObject([
    { message: 'One event had an external ID that looks like a placeholder.' },
  ]);
  expect(idFindings({ placeholders: { events: 0, samples: [] } })).toEqual([]);
});
