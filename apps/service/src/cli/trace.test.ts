import { expect, it } from 'vitest';
import { historyOf, reportOlder } from './trace.ts';

const past = (
  state: 'refused' | 'waiting' | 'accepted' | 'invalid',
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

it('names a delivered event whose dead letter is gone as one that was a dead letter, and cuts nothing in a pipe', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const ended = (state: 'invalid' | 'refused', reason: string) => ({
    ...{ connection: 'default', id: 'e1', eventType: `users.${'x'.repeat(90)}`, time: at, state, reason },
    ...{ batch: 7, deliveredAt: at, history: [] },
  });
  const shownOf = (...delivered: Parameters<typeof reportOlder>[0]['delivered']) =>
    reportOlder({ delivered, kept: true, older: null, unindexed: 0 }).replace(/\s+/g, ' ');
  const gone = 'its dead letter is no longer in the list: it was purged, expired, or was replayed';
  const invalid = shownOf(ended('invalid', 'invalid_id'));
  expect(invalid).toContain('state was a dead letter: invalid_id');
  expect(invalid).toContain(gone);
  expect(invalid).not.toContain('…');
  const refused = shownOf(ended('refused', 'refused_by_mixpanel'));
  expect(refused).toContain('state refused by Mixpanel');
  expect(refused).toContain(gone);
  expect(historyOf([past('invalid', false, 9), past('invalid', false, null, 3)])).toBe(
    '; copy in batch 9: was a dead letter; copy in dead letter 3: dead letter',
  );
});
