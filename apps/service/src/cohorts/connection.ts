import type { MatchRule, SafetyStop } from '@braze-mixpanel/core/cohorts';
import type { BasicCredentials } from '../config/config.ts';
import type { Secret } from '../secrets/secret.ts';

export type SyncMode = 'one-time' | 'dynamic';
export type SourceKind = 'webhook' | 'query';
export type SinkKind = 'partner' | 'track';

/** The part of the configuration that the cohorts of one connection need. */
export interface CohortConnection {
  readonly name: string;
  readonly mixpanel: {
    /** Origin; `/api/query/…` is appended. */
    readonly queryUrl: string;
    readonly projectId: string | undefined;
    readonly queryCredentials: BasicCredentials | undefined;
  };
  /** Basic credentials of the webhook; without them it accepts pages on a loopback address only. */
  readonly webhook: { readonly username: string; readonly password: Secret } | undefined;
  readonly braze: {
    readonly restUrl: string | undefined;
    readonly dataImportKey: Secret | undefined;
    readonly partnerApiKey: Secret | undefined;
    readonly restApiKey: Secret | undefined;
  };
  readonly match: MatchRule;
  readonly syncIntervalMs: number;
  /** Interval of full sends. */
  readonly resendIntervalMs: number;
  readonly safetyStop: SafetyStop;
  /** Budget of the query API; 0 means no limit. */
  readonly queriesPerHour: number;
  /** Maximum of syncs that are created for pushed cohorts. */
  readonly pushedAtMost: number;
  readonly entries: readonly CohortEntry[];
}

/**
 * One cohort to sync to Braze, from the configuration or the API; absent fields follow from the connection.
 */
export interface CohortEntry {
  readonly id: string;
  readonly mode: SyncMode;
  readonly source?: SourceKind | undefined;
  readonly sink?: SinkKind | undefined;
  readonly intervalMs?: number | undefined;
}

/**
 * Partner cohort import where both keys are set, else `/users/track`: Braze gives partner keys to partners
 * only.
 */
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
