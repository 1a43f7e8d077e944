import { describe, expect, it } from 'vitest';
import { Secret } from '../../secrets/secret.ts';
import type { FindingId } from './finding.ts';
import { type ConnectionState, findingsOf, startWarnings } from './findings.ts';
import { apiSecretsEnd } from './mixpanel-findings.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const secret: ConnectionState['mixpanel'] = {
  importCredentials: { kind: 'API secret', username: new Secret('fake'), password: undefined },
  queryCredentials: undefined,
  credentialsExpire: undefined,
  region: 'eu',
  apiUrl: 'https://api-eu.mixpanel.com',
};
const account: ConnectionState['mixpanel'] = {
  ...secret,
  importCredentials: { kind: 'service account', username: 'fake', password: new Secret('fake') },
};
const only = (id: FindingId, state: ConnectionState, now: number) =>
  findingsOf(state, now).find(each => each.id === id);

describe('the deadline of an API secret', () => {
  it('counts the days left, is critical in the last 30, and says afterwards that the secret no longer works', () => {
    const at = (now: number) => only('api_secret', { mixpanel: secret }, now);
    expect(at(apiSecretsEnd - 31 * dayMs)).toMatchObject({ severity: 'warning', deadline: apiSecretsEnd });
    expect(at(apiSecretsEnd - 31 * dayMs)?.message).toContain('in 31 days.');
    expect(at(apiSecretsEnd - 30 * dayMs)).toMatchObject({ severity: 'critical' });
    expect(at(apiSecretsEnd - 1)?.message).toContain('in less than one day.');
    expect(at(apiSecretsEnd)?.message).toContain('it no longer works');
  });

  it('exists only while an API secret is used, for imports or for queries', () => {
    expect(only('api_secret', { mixpanel: account }, 0)).toBeUndefined();
    const mixed = { ...account, queryCredentials: secret.importCredentials };
    expect(only('api_secret', { mixpanel: mixed }, 0)).toBeDefined();
  });
});

it('the end of a service account is a finding from 30 days before it on, critical in the last seven', () => {
  const end = Date.parse('2027-01-31');
  const at = (now: number) =>
    only('account_expiry', { mixpanel: { ...account, credentialsExpire: end } }, now);
  expect(at(end - 30 * dayMs - 1)).toBeUndefined();
  expect(at(end - 30 * dayMs)).toMatchObject({
    ...{ severity: 'warning', deadline: end },
    message: 'The service account expires on 2027-01-31, in 30 days.',
  });
  expect(at(end - 7 * dayMs)).toMatchObject({ severity: 'critical' });
  expect(at(end)?.message).toContain('expired on 2027-01-31');
});

it('a start warns of what needs action, and not of what is not known', () => {
  expect(startWarnings({ mixpanel: secret }, 0)).toEqual([expect.stringContaining('2027-03-03')]);
  expect(startWarnings({ mixpanel: account }, 0)).toEqual([]);
});

it('what is not known is a finding that is not verified', () => {
  for (const id of ['account_expiry', 'project_host'] as const)
    expect(only(id, { mixpanel: account }, 0)).toMatchObject({ severity: 'unverified', deadline: null });
});

it('refused credentials are critical, since the refusal', () => {
  const refused = { since: 5, message: 'Mixpanel rejects the credentials.' };
  expect(only('credentials_refused', { mixpanel: account, refused }, 9)).toMatchObject({
    ...{ severity: 'critical', since: 5, deadline: null },
  });
});

describe('the deadline of a failing Current', () => {
  it('is the earlier of the times in the documents of Braze, and critical once half of it has passed', () => {
    const failing = { since: 0, last: 11 * hourMs, refused: false };
    const at = (change: Partial<typeof failing>, now = 12 * hourMs) =>
      only('currents_failing', { mixpanel: account, failing: { ...failing, ...change } }, now);
    expect(at({})).toMatchObject({ severity: 'warning', deadline: 24 * hourMs });
    expect(at({})?.message).toMatch(/drop events in 12 hours, .* disable the Current in 108 hours/);
    expect(at({ last: 12 * hourMs })).toMatchObject({ severity: 'critical' });
    expect(at({ last: 12 * hourMs, refused: true })).toMatchObject({
      ...{ severity: 'warning', deadline: 48 * hourMs },
    });
    expect(at({}, 25 * hourMs)?.message).toContain('drop events already');
  });

  it('is none while failures have lasted less than ten minutes, whatever time has passed since', () => {
    const at = (last: number) =>
      only('currents_failing', { mixpanel: account, failing: { since: 0, last, refused: true } }, hourMs);
    expect(at(10 * 60_000 - 1)).toBeUndefined();
    expect(at(10 * 60_000)).toBeDefined();
  });
});
