import { expect, it } from 'vitest';
import { DayNumbers } from '../braze/day-numbers.ts';
import type { Message } from '../braze/read-messages.ts';
import { messageRows } from './message-rows.ts';
import { MessageTally } from './message-tally.ts';

/** A campaign of Braze's list with so many e-mails. */
function campaign(id: string, sent: number): [string, Message] {
  const numbers = new DayNumbers();
  numbers.add('email sent', '2026-01-01', sent);
  return [id, { of: 'campaign', id, name: `Campaign ${id}`, isApiCampaign: false, numbers }];
}

/** The rows of these campaigns beside the events of a raw export. */
const rowsOf = (campaigns: readonly [string, Message][], exported: MessageTally) =>
  messageRows({
    braze: {
      ...{ campaigns: new Map(campaigns), canvases: new Map(), messageEvents: new Set(['Email Send']) },
      total: (_event, numbers) => ({ events: numbers.total('email sent') }),
    },
    exported,
    kept: () => ({ notKnown: 'No bodies.' }),
    sends: () => ({ notKnown: 'No sends.' }),
  });

it('A campaign that the raw export lacks has 0 events there, unless there were too many to count each', () => {
  const exported = new MessageTally();
  const columnsOf = () =>
    rowsOf([campaign('quiet', 5)], exported).messages.find(({ id }) => id === 'quiet')?.columns;
  expect(columnsOf()).toMatchObject({ braze: { events: 5 }, mixpanelRaw: { events: 0 } });
  for (let index = 0; index < 20_000; index += 1) exported.add('Email Send', { campaignId: `c${index}` });
  expect(columnsOf()).toMatchObject({ mixpanelRaw: { events: 0 } });
  exported.add('Email Send', { campaignId: 'one more' });
  const why = { notKnown: 'The raw export has too many campaigns, Canvases or sends to count each.' };
  expect(columnsOf()).toMatchObject({ braze: { events: 5 }, mixpanelRaw: why, mixpanelUnique: why });
});

it('Too many sends leave the counts of campaigns as they are, and counts that began stay right', () => {
  const exported = new MessageTally();
  for (let index = 0; index < 20_001; index += 1)
    exported.add('Email Send', { campaignId: 'c1', sendId: `s${index}` }, index % 2 === 0);
  exported.add('Email Send', { sendId: 's0' });
  expect(exported.of('campaign', 'c1', 'Email Send')).toMatchObject({ raw: 20_001, unique: 10_001 });
  expect(exported.of('send', 's0', 'Email Send')).toMatchObject({ raw: 2, unique: 2 });
  const { messages, messagesLeftOut } = rowsOf([], exported);
  expect(messages[0]).toMatchObject({ id: 'c1', columns: { mixpanelRaw: { events: 20_001 } } });
  expect([messages.length, messagesLeftOut]).toEqual([1_001, 19_000]);
});

it('The rows of a kind are cut by themselves: many campaigns leave no Canvas out', () => {
  const exported = new MessageTally();
  for (let index = 0; index < 1_003; index += 1) {
    const campaign = { campaignId: `c${index}` };
    exported.add('Email Send', campaign);
    exported.add('Email Send', campaign);
  }
  exported.add('Email Send', { canvasId: 'k1' });
  const { messages, messagesLeftOut, leftOutByKind } = rowsOf([], exported);
  expect(messages.filter(({ of }) => of === 'canvas')).toMatchObject([{ id: 'k1' }]);
  expect(messages).toHaveLength(1_001);
  expect({ messagesLeftOut, leftOutByKind }).toEqual({
    messagesLeftOut: 3,
    leftOutByKind: { campaign: 3, canvas: 0, send: 0 },
  });
});

it('The rows with the most events come first, whichever column has them', () => {
  const exported = new MessageTally();
  for (const id of ['a', 'b', 'b', 'b']) exported.add('Email Send', { campaignId: id });
  const { messages } = rowsOf([campaign('a', 9), campaign('c', 2)], exported);
  expect(messages.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
