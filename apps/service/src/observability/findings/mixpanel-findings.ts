import type { MixpanelConfig } from '../../config/config.ts';
import { count, dayMs } from './durations.ts';
import type { Finding } from './finding.ts';

export interface MixpanelState {
  readonly mixpanel: Pick<
    MixpanelConfig,
    'importCredentials' | 'queryCredentials' | 'credentialsExpire' | 'region' | 'apiUrl'
  >;
  /** Mixpanel refuses credentials, address or project of the delivery. */
  readonly refused?: { readonly since: number | null; readonly message: string } | undefined;
  /** Delivered events were read back from the raw export of the configured region. */
  readonly readBack?: boolean | undefined;
}

/**
 * Mixpanel retires API secrets (project secrets) on this day. The hour is not documented: the start of the day
 * in UTC is assumed. Source: Mixpanel documentation, "Project Secret", read 2026-08.
 */
export const apiSecretsEnd = Date.parse('2027-03-03T00:00:00Z');

/** From this time before the end of API secrets on, the finding is critical. */
const apiSecretCriticalMs = 30 * dayMs;

/** From these times before the end of a service account on there is a finding, and it is critical. */
const expiryWarningMs = 30 * dayMs;
const expiryCriticalMs = 7 * dayMs;

export const mixpanelFindings = (state: MixpanelState, now: number): Finding[] =>
  [apiSecret(state, now), accountExpiry(state, now), projectHost(state), credentialsRefused(state)].filter(
    each => each !== undefined,
  );

function apiSecret({ mixpanel }: MixpanelState, now: number): Finding | undefined {
  if (!uses(mixpanel, 'API secret')) return undefined;
  const left = apiSecretsEnd - now;
  return {
    id: 'api_secret',
    severity: left > apiSecretCriticalMs ? 'warning' : 'critical',
    since: null,
    deadline: apiSecretsEnd,
    message:
      left > 0
        ? `MIXPANEL_API_SECRET is used: Mixpanel retires API secrets on 2027-03-03, in ${count(left, dayMs, 'day')}.`
        : 'MIXPANEL_API_SECRET is used: Mixpanel retired API secrets on 2027-03-03, and it no longer works.',
    next: 'Use a service account: set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID, then restart or reload. Waiting events are delivered after that.',
  };
}

function accountExpiry({ mixpanel }: MixpanelState, now: number): Finding | undefined {
  if (!uses(mixpanel, 'service account')) return undefined;
  const { credentialsExpire: deadline } = mixpanel;
  if (deadline === undefined)
    return {
      id: 'account_expiry',
      severity: 'unverified',
      since: null,
      deadline: null,
      message: 'It is not known when the service account expires: MIXPANEL_CREDENTIALS_EXPIRE is not set.',
      next: 'Set MIXPANEL_CREDENTIALS_EXPIRE to the day that Mixpanel has for the account: doctor asks for it, and Organization Settings, Service Accounts shows it.',
    };
  const left = deadline - now;
  if (left > expiryWarningMs) return undefined;
  const day = new Date(deadline).toISOString().slice(0, 10);
  return {
    id: 'account_expiry',
    severity: left > expiryCriticalMs ? 'warning' : 'critical',
    since: null,
    deadline,
    message:
      left > 0
        ? `The service account expires on ${day}, in ${count(left, dayMs, 'day')}.`
        : `The service account expired on ${day}: Mixpanel refuses it.`,
    next: 'Create a service account in Mixpanel, set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_CREDENTIALS_EXPIRE, then restart or reload. Waiting events are delivered after that.',
  };
}

const uses = (
  { importCredentials, queryCredentials }: MixpanelState['mixpanel'],
  kind: MixpanelConfig['importCredentials']['kind'],
): boolean => [importCredentials, queryCredentials].some(each => each?.kind === kind);

function projectHost({ mixpanel: { region, apiUrl }, readBack }: MixpanelState): Finding | undefined {
  if (readBack === true) return undefined;
  return {
    id: 'project_host',
    severity: 'unverified',
    since: null,
    deadline: null,
    message: `It is not verified that the project stores its data in the region ${region} (${apiUrl}): Mixpanel may accept events on the host of another region and lose them.`,
    next: 'Read delivered events back: run compare, which reads the raw export of the configured region. Set MIXPANEL_REGION if they are missing.',
  };
}

function credentialsRefused({ refused }: MixpanelState): Finding | undefined {
  if (refused === undefined) return undefined;
  return {
    id: 'credentials_refused',
    severity: 'critical',
    since: refused.since,
    deadline: null,
    message: `Mixpanel does not accept events: ${refused.message}`,
    next: 'Correct credentials, address and project, then restart or reload. Events are kept until then.',
  };
}
