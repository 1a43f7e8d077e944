import type { MatchRule } from '@braze-mixpanel/core/cohorts';
import type { BasicCredentials } from '../config/config.ts';
import type { Secret } from '../secrets/secret.ts';

export type SyncMode = 'one-time' | 'dynamic';
export type SourceKind = 'webhook' | 'query';
export type SinkKind = 'partner' | 'track';

/** What the cohorts of one connection need to know of the configuration. */
export interface CohortConnection {
  readonly name: string;
  readonly mixpanel: {
    /** Origin; `/api/query/…` is appended. */
    readonly queryUrl: string;
    readonly projectId: string | undefined;
    readonly queryCredentials: BasicCredentials | undefined;
  };
  /** Basic credentials of the webhook; without them it takes pages on a loopback address only. */
  readonly webhook: { readonly username: string; readonly password: Secret } | undefined;
  readonly braze: {
    readonly restUrl: string | undefined;
    readonly dataImportKey: Secret | undefined;
    readonly partnerApiKey: Secret | undefined;
    readonly restApiKey: Secret | undefined;
  };
  readonly match: MatchRule;
  readonly syncIntervalMs: number;
  /** Between two full sends. */
  readonly resendIntervalMs: number;
  /** Budget of the query API; 0 means no bound. */
  readonly queriesPerHour: number;
  /** Most syncs that are made because a cohort was pushed. */
  readonly pushedAtMost: number;
  readonly entries: readonly CohortEntry[];
}

/** One cohort to keep in Braze, as configured or asked for over the API; what is absent follows from the connection. */
export interface CohortEntry {
  readonly id: string;
  readonly mode: SyncMode;
  readonly source?: SourceKind | undefined;
  readonly sink?: SinkKind | undefined;
  readonly intervalMs?: number | undefined;
}

/** Partner cohort import where both keys are there, else `/users/track`: Braze gives partner keys to partners only. */
export function defaultSink({ braze }: CohortConnection): SinkKind | undefined {
  if (canUse('partner', braze)) return 'partner';
  return canUse('track', braze) ? 'track' : undefined;
}

export function canUse(sink: SinkKind, braze: CohortConnection['braze']): boolean {
  if (braze.restUrl === undefined) return false;
  return sink === 'partner'
    ? braze.dataImportKey !== undefined && braze.partnerApiKey !== undefined
    : braze.restApiKey !== undefined;
}
