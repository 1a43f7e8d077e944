import type { MixpanelConfig } from '../../config/config.ts';
import { count, dayMs } from './durations.ts';
import type { Finding } from './finding.ts';

export interface MixpanelState {
  readonly mixpanel: Pick<MixpanelConfig, 'importCredentials' | 'queryCredentials' | 'region' | 'apiUrl'>;
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

export const mixpanelFindings = (state: MixpanelState, now: number): Finding[] =>
  [apiSecret(state, now), accountExpiry(state), projectHost(state), credentialsRefused(state)].filter(
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
    next: 'Use a service account: set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID, then restart or reload. Pending events are delivered after that.',
  };
}

function accountExpiry({ mixpanel }: MixpanelState): Finding | undefined {
  if (!uses(mixpanel, 'service account')) return undefined;
  return {
    id: 'account_expiry',
    severity: 'unverified',
    since: null,
    deadline: null,
    message:
      'It is not known when the service account expires: no answer of Mixpanel that the service reads says so.',
    next: 'Look it up in Mixpanel, Organization Settings, Service Accounts.',
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
