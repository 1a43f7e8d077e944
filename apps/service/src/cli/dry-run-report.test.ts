import { describe, expect, it } from 'vitest';
import { dryRunReport } from './dry-run-report.ts';

type Parameters_ = Parameters<typeof dryRunReport>;
const event = (name: string) => ({ event: name, inFiles: 1, counted: 0, isBilled: true });
const found = (count: number, more: Partial<Parameters_[0]> = {}): Parameters_[0] => ({
  byEvent: Array.from({ length: count }, (_, at) => event(`Event ${at}`)),
  byDay: Array.from({ length: count }, (_, at) => ({ ...event(`Event ${at}`), day: '2026-05-01' })),
  ...{
    skipped: {},
    deadLettered: {},
    notes: {},
    unlisted: [],
    moreUnlisted: 0,
    copies: 0,
    allCopiesKnown: true,
  },
  ...{ events: count, billed: count, cost: null, pricePerMillion: null },
  ...more,
});
const textOf = (
  dryRun: Parameters_[0],
  { isLater = false, state = 'done', accepted = dryRun.events }: Record<string, unknown> = {},
) =>
  dryRunReport(
    dryRun,
    {
      ...{ source: '/exports', isDryRun: true, state, changedAt: '2026-05-02T10:20:30.000Z' },
      report: {
        files: { read: 0, damaged: 0, already: 7, passedOver: 0, unreadable: 0, other: 0 },
        events: { accepted, notWanted: 0, tooOld: 0 },
      },
    } as never,
    isLater === true,
  )
    .join('\n')
    .replaceAll(/\n(?=\S)/g, ' ');

describe('the report of a dry run', () => {
  it('says at its end what would be sent, and how', () => {
    const text = textOf(found(1));
    expect(text).toContain('1 event would be sent. Mixpanel bills 1 of them');
    expect(text).toContain('Nothing was sent. Run the command without --dry-run to send these events.');
    expect(textOf(found(2))).toContain('2 events would be sent.');
  });

  it('names its time where it is shown later, since its events may have been sent since then', () => {
    const text = textOf(found(3), { isLater: true });
    expect(text).toContain('At 2026-05-02 10:20Z, 3 events would have been sent.');
    expect(text).toContain('What was delivered since then is in the column delivered only.');
    expect(text).not.toContain('Nothing was sent.');
  });

  it('says why there is nothing to send, and names no price of nothing', () => {
    for (const isLater of [false, true]) {
      const text = textOf(found(0), { isLater });
      expect(text).toBe(' No new events: all 7 files were read by an earlier back-fill.');
    }
  });

  it('says that nothing would be sent where every event is skipped', () => {
    const text = textOf(found(0, { skipped: { not_selected: 4 } }), { accepted: 4 });
    expect(text).toMatch(/would be skipped +events.*0 events would be sent\. Nothing was sent\.$/s);
  });

  it.each(['running', 'paused', 'failed', 'cancelled'])('says that it is not all while it is %s', state => {
    expect(textOf(found(2), { state, isLater: true })).toMatch(
      /2 events would be sent\. .* so this is not all\./,
    );
    expect(textOf(found(2), { state })).not.toContain('Run the command');
  });

  it.each([
    [0.368_2, 280, '0.37 at 280 per million'],
    [0.000_84, 280, 'less than 0.01 at 280 per million'],
    [0, 280, '0.00 at 280 per million'],
    [1_234_567.891, 0.28, '1,234,567.89 at 0.28 per million'],
    [5, 1_234.5, '5.00 at 1,234.5 per million'],
  ])('rounds a cost of %d at %d', (cost, pricePerMillion, text) => {
    expect(textOf(found(2, { cost, pricePerMillion }))).toContain(`That is ${text}.`);
  });

  it('counts rows that are left out, one as one', () => {
    expect(textOf(found(32))).toContain('1 more event; --json shows more.');
    expect(textOf(found(33))).toContain('2 more events; --json shows more.');
    expect(textOf(found(31))).not.toContain('more event');
  });
});
