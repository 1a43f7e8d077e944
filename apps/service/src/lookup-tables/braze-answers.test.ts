import { expect, it } from 'vitest';
import { brazeRoutes } from './braze-answers.ts';

const nothing = {
  ...{ archived: false, channels: [], variations: [], firstSent: null, lastSent: null },
  ...{ messages: {}, steps: {} },
};

it.each([
  {},
  { archived: null, channels: null, messages: null, steps: null, variants: null, first_sent: null },
])('details without any field, or with null in each, are read as empty: %j', answer => {
  expect(brazeRoutes.campaign.detailsAnswer.parse(answer)).toEqual(nothing);
  expect(brazeRoutes.canvas.detailsAnswer.parse(answer)).toEqual(nothing);
});

it('a message of a Canvas step that has no name has that of its step', () => {
  const messages = { v1: { channel: 'email' }, v2: { channel: 'sms', name: 'Own' } };
  const steps = [{ id: 's1', name: 'Day 1', channels: ['email', 'sms'], messages }];
  expect(brazeRoutes.canvas.detailsAnswer.parse({ steps })).toMatchObject({
    messages: { v1: { name: 'Day 1', channel: 'email' }, v2: { name: 'Own', channel: 'sms' } },
    steps: { s1: { name: 'Day 1', channels: ['email', 'sms'], variations: ['Day 1', 'Own'] } },
  });
});

it('a campaign in the list without name and tags is read, one with an ID that no table can have is not', () => {
  const listed = (id: string) =>
    brazeRoutes.campaign.listAnswer.safeParse({ campaigns: [{ id, name: null }] });
  expect(listed('c1').data).toMatchObject([{ id: 'c1', name: '', tags: [] }]);
  for (const id of ['', 'a\u0000', '\ud800', 'x'.repeat(256)]) expect(listed(id).success).toBe(false);
});
