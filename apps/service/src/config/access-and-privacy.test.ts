import { describe, expect, it } from 'vitest';
import { faultsOf, readSettings, withToken } from '../testing/read-settings.ts';

describe('settings of access and privacy', () => {
  it('accepts several tokens of each role, and no token for two roles', () => {
    const { access } = readSettings({ ...withToken, ADMIN_TOKEN: 'a, b', VIEWER_TOKEN: 'v' });
    expect([access.operators.length, access.viewers.length]).toEqual([2, 1]);
    expect(faultsOf({ ...withToken, ADMIN_TOKEN: 'a, same', VIEWER_TOKEN: 'v, same' })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN has a token in common with VIEWER_TOKEN/),
    ]);
    expect(faultsOf({ ...withToken, ADMIN_TOKEN: withToken.CURRENTS_TOKEN })).toEqual([
      expect.stringMatching(/^ADMIN_TOKEN has a token in common with CURRENTS_TOKEN/),
    ]);
  });

  it('keeps stores with "forever" for ever, and no delivered bodies by default', () => {
    expect(readSettings(withToken).retention).toMatchObject({ deliveredMs: 0, deadLettersMs: undefined });
    const kept = { DELIVERED_RETENTION: '24h', DEAD_LETTER_RETENTION: '30d', AUDIT_RETENTION: 'forever' };
    expect(readSettings({ ...withToken, ...kept }).retention).toMatchObject({
      ...{ deliveredMs: 86_400_000, deadLettersMs: 30 * 86_400_000, auditMs: undefined },
    });
    expect(faultsOf({ ...withToken, DEAD_LETTER_RETENTION: '30' })).toEqual([
      'DEAD_LETTER_RETENTION is "30"; expected a duration from 1h to 3650d with its unit, for example 30d, or forever.',
    ]);
  });

  it('refuses to redact fields that the delivery of an event needs', () => {
    expect(
      readSettings({ ...withToken, CURRENTS_REDACT: 'properties.ip, user.*.x' }).connections[0]!.currents
        .redact,
    ).toEqual(['properties.ip', 'user.*.x']);
    expect(faultsOf({ ...withToken, CURRENTS_REDACT: 'properties.ip, user.*, time' })).toEqual([
      expect.stringMatching(/^CURRENTS_REDACT names "user\.\*", which removes user\.external_user_id/),
      expect.stringMatching(/^CURRENTS_REDACT names "time"/),
    ]);
  });
});
