import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { expect, it } from 'vitest';
import { emailSend } from '../../testing/events.ts';
import { keptMessages } from './kept-messages.ts';

const from = '2026-03-01';
const receivedAt = Date.parse(`${from}T12:00:00Z`);

/** The column of a campaign with all kept events, of so many counted ones. */
async function columnOf(kept: number, counted: { completed: number; forgotten?: number; cutOver?: number }) {
  const event = emailSend({ time: receivedAt / 1_000, properties: { campaign_id: 'c1' } });
  const batch = {
    ...{ id: 1, connection: 'main', events: kept, receivedAt, deliveredAt: receivedAt, indexed: true },
    ...{ profile: mappingOptionsText({ catalogueVersion: catalogue2026_07 }), outcomes: undefined },
    body: new TextEncoder().encode(JSON.stringify({ events: Array(kept).fill(event) })),
  };
  const { completed, forgotten = 0, cutOver = 0 } = counted;
  const byName = (count: number) => new Map([['Email Send', count]]);
  const read = await keptMessages(
    'main',
    {
      pending: async () => [],
      delivered: async page =>
        page.connection === 'main' && 'after' in page && page.after === 0 ? [batch] : [],
    },
    {
      ...{ from, to: from, keepsDelivered: true, completed: byName(completed) },
      ...{ forgotten: byName(forgotten), cutOver: byName(cutOver) },
    },
  );
  return read('campaign', 'c1', 'Email Send');
}

const ofForgotten = 'Users were forgotten, and the service no longer has their events to count.';
const ofCutOver =
  'A cut-over removed events that Mixpanel already had, and the service no longer has these to count.';
const ofRetention = 'Not all delivered events of these days are kept by DELIVERED_RETENTION.';
const ofMore =
  'More events are kept than were counted: some are kept twice after a replay, or came just now.';

it('the service knows the events of a campaign where all counted events are kept', async () => {
  expect(await columnOf(3, { completed: 3 })).toEqual({ events: 3 });
});

it.each([
  ['users were forgotten with all missing events', 2, { completed: 5, forgotten: 3 }, [ofForgotten]],
  [
    'users were forgotten with more than the missing events',
    2,
    { completed: 5, forgotten: 4 },
    [ofForgotten],
  ],
  ['as many are kept twice as users were forgotten with', 5, { completed: 5, forgotten: 2 }, [ofForgotten]],
  ['a cut-over removed all missing events', 2, { completed: 5, cutOver: 3 }, [ofCutOver]],
  ['retention dropped all missing events', 2, { completed: 5 }, [ofRetention]],
  [
    'users were forgotten, and retention dropped others',
    2,
    { completed: 5, forgotten: 1 },
    [ofForgotten, ofRetention],
  ],
  [
    'users were forgotten, and a cut-over removed the others',
    2,
    { completed: 5, forgotten: 1, cutOver: 2 },
    [ofForgotten, ofCutOver],
  ],
  [
    'users were forgotten, a cut-over removed events, and retention dropped others',
    2,
    { completed: 5, forgotten: 1, cutOver: 1 },
    [ofForgotten, ofCutOver, ofRetention],
  ],
  ['more are kept than were counted', 6, { completed: 5 }, [ofMore]],
  [
    'users were forgotten, and more are kept than were counted',
    6,
    { completed: 5, forgotten: 1 },
    [ofForgotten, ofMore],
  ],
])(
  'the events of a campaign are not known, for these reasons alone: %s',
  async (_case, kept, counted, why) => {
    expect(await columnOf(kept, counted)).toEqual({ notKnown: why.join(' ') });
  },
);
