import { expect, it } from 'vitest';
import type { Column } from '../reconcile/explain/columns.ts';
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
  expect(text).toContain('default, 2026-03-01 to 2026-03-01: campaigns are not known.');
  expect(text).not.toMatch(/\b0 /);
  expect(textOf()).toContain('0 campaigns in 0 rows');
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
  const text = messagesText(report({ messages: [row] }), 'campaign', true, 80);
  expect(text).toContain(id);
  expect(text).toContain(name);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('The footer counts campaigns and their rows, and states apart: what is not comparable is not unknown', () => {
  const of = (braze: Column, id: string, event: string) => {
    const columns = { ...{ braze, accepted: known }, ...{ mixpanelRaw: known, mixpanelUnique: known } };
    return { of: 'campaign', id, name: id, event, columns } as const;
  };
  const known = { events: 3 };
  const text = textOf({
    messages: [
      of(known, 'c1', 'Email Send'),
      of({ events: 1 }, 'c1', 'Email Open'),
      of({ notKnown: 'Braze failed.' }, 'c2', 'Email Send'),
      of({ notComparable: 'Braze has no series.' }, 'c2', 'Email Bounce'),
      of({ notComparable: 'Braze has no series.' }, 'c2', 'Email Open'),
      { ...of({ events: 9 }, 's1', 'Email Send'), of: 'send', name: null },
    ],
  });
  expect(text).toContain(
    '2 campaigns in 5 rows, one for each event. 1 differ, 1 not known, 2 not comparable,',
  );
  expect(text).toContain('1 equal.');
  expect(text).not.toContain('Email Bounce');
});

it('Rows that are left out are those of the printed kind', () => {
  const leftOutByKind = { campaign: 12, canvas: 0, send: 3 };
  const text = textOf({ messagesLeftOut: 15, leftOutByKind });
  expect(text).toContain('12 more rows of campaigns have fewer events and are left out. Choose fewer days.');
  expect(text).toContain('of the listed rows, 0 campaigns');
  const canvases = messagesText(report({ messagesLeftOut: 15, leftOutByKind }), 'canvas', false);
  expect(canvases).not.toContain('left out');
  expect(canvases).not.toContain('of the listed rows');
});

it('A report that was cut over all kinds calls none of them complete', () => {
  expect(textOf({ messagesLeftOut: 15 })).toContain(
    '15 more rows of campaigns, Canvases and sends have fewer events and are left out, so counts of campaigns are not known. Make a new report.',
  );
});
