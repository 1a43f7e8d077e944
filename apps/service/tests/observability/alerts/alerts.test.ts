import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alerts, root } from './alerts-file.ts';
import { incidents } from './incidents.ts';

describe('the alerts', () => {
  it('are each fired by a test beside this one', () => {
    const alone = [
      ...['BrazeMixpanelDeadline', 'BrazeMixpanelFirstSeen', 'BrazeMixpanelCountsDiffer'],
      'BrazeMixpanelCohortDrift',
      'BrazeMixpanelDeletionStuck',
    ];
    const fired = [...incidents.map(({ alert }) => alert), ...alone];
    expect(new Set(fired)).toEqual(new Set(alerts.map(({ alert }) => alert)));
  });

  it.each(alerts)('$alert has a runbook page that exists', ({ annotations }) => {
    expect(annotations?.runbook).toMatch(/^docs\/operate\/[\w-]+\.md$/);
    expect(existsSync(root + annotations?.runbook)).toBe(true);
    expect(annotations?.runbook_url).toBe(
      `https://github.com/your-org/your-fork/blob/main/${annotations?.runbook}`,
    );
  });
});
