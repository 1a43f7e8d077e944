import { describe, expect, it } from 'vitest';
import { readSettings, warningsOf } from '../testing/read-settings.ts';

describe('a short token', () => {
  const secrets = {
    ADMIN_TOKEN: 'short',
    VIEWER_TOKEN: 'v'.repeat(16),
    CURRENTS_TOKEN: `${'c'.repeat(16)},new`,
  };
  const warned = (environment: Record<string, string>) =>
    readSettings({ MIXPANEL_TOKEN: 'p', ...secrets, ...environment }).warnings.map(({ setting }) => setting);

  it('causes a warning, without the token, where others reach the service', () => {
    const environment = {
      ...{ HOST: '0.0.0.0', MIXPANEL_WEBHOOK_USERNAME: 'u', MIXPANEL_WEBHOOK_PASSWORD: 'hunter2' },
      ...{ BRAZE_REST_URL: 'http://localhost:1', BRAZE_REST_API_KEY: 'k'.repeat(16) },
    };
    expect(warned(environment)).toEqual(['ADMIN_TOKEN', 'CURRENTS_TOKEN', 'MIXPANEL_WEBHOOK_PASSWORD']);
    expect(warningsOf({ MIXPANEL_TOKEN: 'p', ...secrets, ...environment }).join()).not.toMatch(
      /hunter2|short,/,
    );
  });

  it('causes none on this machine', () => {
    expect(warned({ HOST: '127.0.0.1' })).toEqual([]);
  });
});

it('A token with a space causes a warning that does not repeat it', () => {
  const warnings = warningsOf({
    MIXPANEL_TOKEN: 'p',
    CURRENTS_TOKEN: 'hidden value',
    ADMIN_TOKEN: 'a,b',
  });
  expect(warnings).toEqual([expect.stringMatching(/^CURRENTS_TOKEN has a token with a space/)]);
  expect(warnings.join()).not.toContain('hidden');
});
