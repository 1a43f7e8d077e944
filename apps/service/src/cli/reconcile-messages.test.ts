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
