/**
 * What ends soon, or may have ended, for a connection: credentials, hosts, and Braze's patience. Pure functions
 * of a state and a time. `doctor`, the warnings at start, `/status`, the metric and its alert render these
 * deadlines and nothing else. What is not known is a deadline of severity `unverified`, never an absent one.
 */
import type { MixpanelConfig } from '../../config/config.ts';
import type { FailingCurrent } from './currents-failures.ts';

/** `unverified`: the service cannot know. `warning`: act in time. `critical`: act now. */
type Severity = 'unverified' | 'warning' | 'critical';

export interface Deadline {
  readonly id: 'api_secret' | 'account_expiry' | 'project_host' | 'credentials_refused' | 'currents_failing';
  readonly severity: Severity;
  /** When it began, in milliseconds since 1970; `null` where that is not known. */
  readonly since: number | null;
  /** When data is lost or a key ends, in milliseconds since 1970; `null` where that is not known. */
  readonly deadline: number | null;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
}

/** The state of one connection. Only the configuration is known before the service runs. */
export interface DeadlineState {
  readonly mixpanel: Pick<MixpanelConfig, 'importCredentials' | 'queryCredentials' | 'region' | 'apiUrl'>;
  /** The delivery is parked: Mixpanel refuses credentials, address or project. */
  readonly parked?: { readonly since: number | null; readonly message: string } | undefined;
  readonly failing?: FailingCurrent | undefined;
  /** Delivered events were read back from the raw export of the configured region. */
  readonly readBack?: boolean | undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Mixpanel retires API secrets (project secrets) on this day. The hour is not documented: the start of the day
 * in UTC is assumed. Source: Mixpanel documentation, "Project Secret", read 2026-08.
 */
export const apiSecretsEnd = Date.parse('2027-03-03T00:00:00Z');

/** From this time before the end of API secrets on, the deadline is critical. */
const apiSecretCriticalMs = 30 * dayMs;

/**
 * How long Braze keeps a batch. The texts of Braze disagree: the oldest one drops it after 24 hours of 429 or
 * 5XX, or 48 hours of 401, 403 or 404; the newest disables the Current after five days of failure. The earlier
 * time is the deadline. Source: Braze documentation, "Custom HTTP connector", read 2026.
 */
const brazeKeeps = { failedMs: 24 * hourMs, refusedMs: 48 * hourMs, disabledMs: 5 * dayMs };

/** All deadlines of a connection at a time, in milliseconds since 1970. */
export function deadlinesOf(state: DeadlineState, now: number): Deadline[] {
  return [
    apiSecret(state, now),
    accountExpiry(state),
    projectHost(state),
    credentialsRefused(state),
    currentsFailing(state, now),
  ].filter(each => each !== undefined);
}

function apiSecret({ mixpanel }: DeadlineState, now: number): Deadline | undefined {
  const used = [mixpanel.importCredentials, mixpanel.queryCredentials].some(
    each => each?.kind === 'API secret',
  );
  if (!used) return undefined;
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

function accountExpiry({ mixpanel }: DeadlineState): Deadline | undefined {
  const used = [mixpanel.importCredentials, mixpanel.queryCredentials].some(
    each => each?.kind === 'service account',
  );
  if (!used) return undefined;
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

function projectHost({ mixpanel: { region, apiUrl }, readBack }: DeadlineState): Deadline | undefined {
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

function credentialsRefused({ parked }: DeadlineState): Deadline | undefined {
  if (parked === undefined) return undefined;
  return {
    id: 'credentials_refused',
    severity: 'critical',
    since: parked.since,
    deadline: null,
    message: `Mixpanel does not accept events: ${parked.message}`,
    next: 'Correct credentials, address and project, then restart or reload. Events are kept until then.',
  };
}

/** Time that failures must last, without an accepted request in between. */
const failingAfterMs = 10 * 60_000;

function currentsFailing({ failing }: DeadlineState, now: number): Deadline | undefined {
  if (failing === undefined) return undefined;
  const { since, last, refused } = failing;
  // A single failure, or a stranger's request, is no sign that the Current fails.
  if (last - since < failingAfterMs) return undefined;
  const keepsMs = refused ? brazeKeeps.refusedMs : brazeKeeps.failedMs;
  const deadline = since + keepsMs;
  const left = (end: number) => (end > now ? `in ${count(end - now, hourMs, 'hour')}` : 'already');
  return {
    id: 'currents_failing',
    severity: last - since >= keepsMs / 2 ? 'critical' : 'warning',
    since,
    deadline,
    message: `No request of Braze succeeded since ${new Date(since).toISOString()}. Braze may drop events ${left(deadline)}, and may disable the Current ${left(since + brazeKeeps.disabledMs)} (its documents disagree).`,
    next: refused
      ? 'Compare the token and the endpoint of the Current in Braze with CURRENTS_TOKEN and the address of this service. The refused requests may also be those of others: Braze shows the errors of its Current.'
      : 'Free disk space or repair storage, or deliver the backlog: see notReadyReason and refusing in /status.',
  };
}

/** A duration in whole units, rounded down; never less than said. */
function count(durationMs: number, unitMs: number, unit: string): string {
  const units = Math.floor(durationMs / unitMs);
  return units === 0 ? `less than one ${unit}` : `${units} ${unit}${units === 1 ? '' : 's'}`;
}

/** Deadlines as a start of the service logs them: those that need action, with the next step. */
export const startWarnings = (state: DeadlineState, now: number): string[] =>
  deadlinesOf(state, now)
    .filter(({ severity }) => severity !== 'unverified')
    .map(({ message, next }) => `${message} ${next}`);
