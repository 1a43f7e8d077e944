import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sandboxCohorts } from '../scenario/cohorts.ts';
import { renderSummary } from './render-summary.ts';

describe('the live summary', () => {
  const lines = () =>
    stripVTControlCharacters(renderSummary(stack, 'http://127.0.0.1:54030', summary)).split('\n');
  const stack = {
    braze: 'http://127.0.0.1:54010',
    mixpanel: 'http://127.0.0.1:54020',
    service: 'http://127.0.0.1:54000',
  };
  const summary = {
    ...{ emitted: 999_999, accepted: 999_999, imported: 900_000, stored: 900_000 },
    ...{ skipped: { no_external_user_id: 90_000, no_mixpanel_event: 9_999 } },
    ...{ deadLettered: 9_999, pending: 9_999, dropped: 850_000 },
    cohorts: sandboxCohorts.map(each => ({
      ...each,
      mixpanelMembers: 12,
      brazeMembers: 12,
      segmentMembers: 12,
      nextSyncIn: each.mode === 'one-time' ? null : 119 * 60_000 + 1,
    })),
  };

  it('fits a terminal of 24 rows and 80 columns', () => {
    expect(lines().join('\n')).toContain('999,999 accepted = 900,000 imported');
    expect(lines().join('\n')).toContain('900,000 stored, 850,000 older dropped');
    expect(lines().join('\n')).toMatch(
      /90,000 skipped \(no external id\).*\n.*9,999 skipped \(no Mixpanel event\)/,
    );
    // The last row is left for the cursor.
    expect(lines().length).toBeLessThan(24);
    expect(Math.max(0, ...lines().map(line => line.length))).toBeLessThanOrEqual(80);
  });

  it('begins with the address of the console', () => {
    expect(lines()[0]).toContain('http://127.0.0.1:54030/');
  });

  it('says when the counts of a cohort agree again, since its next sync explains a difference', () => {
    expect(lines().find(line => line.includes(' 102 '))).toContain('in 2 hr');
    expect(lines().find(line => line.includes(' 103 '))).toContain('none: one-time');
  });
});
