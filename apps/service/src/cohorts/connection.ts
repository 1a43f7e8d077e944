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
  /** REST key that reads the sizes of segments. */
  readonly analyticsKey: Secret | undefined;
  /** Segments of Braze whose only filter is a cohort, by the ID of the cohort. */
  readonly segments: Readonly<Record<string, string>>;
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

type BrazeSetting = keyof CohortConnection['braze'];

const settingNames: Readonly<Record<BrazeSetting, string>> = {
  restUrl: 'BRAZE_REST_URL',
  restApiKey: 'BRAZE_REST_API_KEY',
  dataImportKey: 'BRAZE_DATA_IMPORT_KEY',
  partnerApiKey: 'BRAZE_PARTNER_API_KEY',
};

const neededBy: Readonly<Record<SinkKind, readonly BrazeSetting[]>> = {
  partner: ['restUrl', 'dataImportKey', 'partnerApiKey'],
  track: ['restUrl', 'restApiKey'],
};

export function canUse(sink: SinkKind, braze: CohortConnection['braze']): boolean {
  return neededBy[sink].every(setting => braze[setting] !== undefined);
}

/** What a sink needs, or each of the sinks, and which settings of Braze there are; as sentences, without values. */
export function neededAndSet(sink: SinkKind | undefined, braze: CohortConnection['braze']): string {
  const names = (settings: readonly BrazeSetting[]) => settings.map(each => settingNames[each]).join(', ');
  const needs = (sink === undefined ? (['partner', 'track'] as const) : [sink]).map(
    each => `The sink ${each} needs ${names(neededBy[each])}.`,
  );
  const set = (Object.keys(settingNames) as BrazeSetting[]).filter(each => braze[each] !== undefined);
  return [...needs, set.length === 0 ? 'None of them is set.' : `Set are: ${names(set)}.`].join(' ');
}
