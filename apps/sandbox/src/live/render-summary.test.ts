import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { sandboxCohorts } from '../scenario/cohorts.ts';
import { renderSummary } from './render-summary.ts';

it('the live summary fits a terminal of 24 rows and 80 columns', () => {
  const stack = {
    braze: 'http://127.0.0.1:54010',
    mixpanel: 'http://127.0.0.1:54020',
    service: 'http://127.0.0.1:54000',
  };
  const summary = {
    ...{ emitted: 999_999, accepted: 999_999, imported: 900_000, stored: 900_000 },
    ...{ skipped: { no_external_user_id: 90_000, no_mixpanel_event: 9_999 } },
    ...{ deadLettered: 9_999, pending: 9_999 },
    cohorts: sandboxCohorts.map(each => ({
      ...each,
      mixpanelMembers: 12,
      brazeMembers: 12,
      segmentMembers: 12,
    })),
  };
  const lines = stripVTControlCharacters(renderSummary(stack, 'http://127.0.0.1:54030', summary)).split('\n');
  expect(lines.join('\n')).toContain('999,999 accepted = 900,000 imported');
  expect(lines.join('\n')).toMatch(
    /90,000 skipped \(no external id\).*\n.*9,999 skipped \(no Mixpanel event\)/,
  );
  // The last row is left for the cursor.
  expect(lines.length).toBeLessThan(24);
  expect(Math.max(0, ...lines.map(line => line.length))).toBeLessThanOrEqual(80);
});
