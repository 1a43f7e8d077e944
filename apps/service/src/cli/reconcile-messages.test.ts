import { expect, it } from 'vitest';
import type { Report } from '../reconcile/run/report.ts';
import { messagesText } from './reconcile-messages.ts';

const report = (changes: Partial<Report> = {}): Report => ({
  ...{ connection: 'default', from: '2026-03-01', to: '2026-03-01', threshold: 1, events: 0, unexplained: 0 },
  ...{ findings: [], openDays: [], notKnown: [], rows: [], messages: [], messagesLeftOut: 0 },
  ...changes,
});
const textOf = (changes?: Partial<Report>) =>
  messagesText(report(changes), 'campaign', false).replaceAll('\n', ' ');

it('Campaigns that could not be listed are not known, and not none', () => {
  const text = textOf({ notKnown: ["Braze's limit of requests for /campaigns/list is used up."] });
  expect(text).toContain("Not known (?), because: Braze's limit of requests for /campaigns/list is used up.");
  expect(text).toContain('0 counts of campaigns, of which 0 differ or are not known. Some counts are not');
  expect(textOf()).not.toContain('Some counts are not known');
});

it('A reason that rows and the report share is printed once', () => {
  const notKnown = 'The raw export could not be read.';
  const columns = {
    ...{ braze: { events: 3 }, accepted: { events: 3 } },
    ...{ mixpanelRaw: { notKnown }, mixpanelUnique: { notKnown } },
  };
  const row = { of: 'campaign', id: 'c1', name: 'Welcome', event: 'Email Send', columns } as const;
  const text = textOf({ notKnown: [notKnown], messages: [row] });
  expect(text.split('because: The raw export could not be read.')).toHaveLength(2);
});

it('IDs and names are whole, in lines of 80 columns', () => {
  const id = '0a1b2c3d-0a1b-4a1b-8a1b-0a1b2c3d4e5f';
  const name = 'Win back customers of last summer, second wave, with a voucher';
  const known = { events: 3 };
  const columns = { braze: known, accepted: known, mixpanelRaw: known, mixpanelUnique: known };
  const row = { of: 'campaign', id, name, event: 'Push Notification Influenced Open', columns } as const;
  const text = messagesText(report({ messages: [row] }), 'campaign', true);
  expect(text).toContain(id);
  expect(text).toContain(name);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
