import { expect, it } from 'vitest';
import { historyOf } from './trace.ts';

const past = (
  state: 'refused' | 'waiting' | 'accepted',
  earlier: boolean,
  batch: number | null,
  letter?: number,
) => ({
  ...{ state, reason: null, at: null, batch, deadLetter: letter ?? null, earlier },
});

it('names what an event was before, each state once, and says of every other copy where it is', () => {
  expect(historyOf([])).toBe('');
  expect(
    historyOf([
      past('waiting', false, 12),
      past('refused', true, 7),
      past('refused', true, 5),
      past('accepted', true, 4),
      past('refused', false, null, 3),
    ]),
  ).toBe(
    '; before: refused by Mixpanel, accepted by Mixpanel; copy in batch 12: waiting; copy in dead letter 3: refused by Mixpanel',
  );
});
