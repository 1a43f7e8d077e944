import type { MatchRule, SafetyStop } from '@braze-mixpanel/core/cohorts';
import type { MixpanelRegion } from '@braze-mixpanel/core/mixpanel';
import type { Secret } from '../secrets/secret.ts';
import type { CohortEntry } from './cohort-list.ts';
import type { Fault } from './gather.ts';
import type { Settings } from './shape.ts';

/**
 * The configuration, read at start and frozen. No other code reads the environment. All errors are reported
 * at once (`ConfigRefused`); a valid setting that should be changed is a warning.
 */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly storageUrl: string;
  /** Bytes, after decompression. */
  readonly bodyLimit: number;
  /** Maximum of events in one body of Currents. */
  readonly maxEventsPerRequest: number;
  readonly access: Access;
  readonly clockUrl: string | undefined;
  /** Origin at which the vendors reach this service. */
  readonly publicUrl: string | undefined;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly delivery: DeliveryConfig;
  /** Bytes of memory for recent batches and requests; `undefined` for none. */
  readonly keptTraffic: number | undefined;
  readonly shutdownGraceMs: number;
  readonly retention: RetentionConfig;
  /** Price of a million events in Mixpanel, in any currency. */
  readonly pricePerMillion: number | undefined;
  /** Days of a daily report, 0 for none, and the threshold of findings in percent. */
  readonly reconcile: { readonly days: number; readonly threshold: number };
  /** Whether external IDs are kept by Braze's own, and what follows a request of Braze to delete a user. */
  readonly idMap: { readonly keep: boolean; readonly onDelete: Settings['USER_DELETE_REQUESTS'] };
  readonly connections: readonly ConnectionConfig[];
  /** Valid settings that should be changed. */
  readonly warnings: readonly Fault[];
}

/** Retention of each store, in milliseconds; `undefined` means forever. */
interface RetentionConfig {
  /** Bodies of delivered batches; 0 keeps none. */
  readonly deliveredMs: number;
  readonly deadLettersMs: number | undefined;
  readonly auditMs: number | undefined;
  readonly daysMs: number | undefined;
  /** Pages of cohorts whose session is not complete. */
  readonly cohortPagesMs: number;
}

/** Accepted bearer tokens of each role. */
export interface Access {
  readonly operators: readonly Secret[];
  readonly viewers: readonly Secret[];
}

export interface DeliveryConfig {
  /** Maximum of requests in flight, per connection. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Wait while the configuration is refused. */
  readonly parkMs: number;
  /** Duration of leases: the wait before another process continues the work of a crashed one. */
  readonly leaseMs: number;
}

export interface ConnectionConfig {
  readonly name: string;
  readonly currents: {
    /** Accepted bearer tokens; with none, no token is needed. */
    readonly tokens: readonly Secret[];
    /** Catalogue version, such as `2022-06`. */
    readonly catalogueVersion: string;
    /** Selected event types; `undefined` means all. */
    readonly selection: readonly string[] | undefined;
    /** Event types without a Mixpanel event that are sent besides all others. */
    readonly alsoSend: readonly string[];
    /** Event names in Mixpanel by event type, instead of the catalogue's. */
    readonly names: Readonly<Record<string, string>>;
    /** Texts of exclusions, see `parseExclusion`. */
    readonly exclusions: readonly string[];
    /** Whether event types that the catalogue version lacks are sent. */
    readonly sendUnknown: boolean;
    /** Whether events without an external ID are sent with an empty `distinct_id`. */
    readonly sendUnattributed: boolean;
    /** Whether events also have `$user_id`. */
    readonly sendUserId: boolean;
    readonly sendUnlisted: boolean;
    /** Paths of fields that are never stored. */
    readonly redact: readonly string[];
    /** New batches are mapped and checked, and not sent. */
    readonly shadow: boolean;
  };
  /** Batches are kept, and not delivered for now. */
  readonly held: boolean;
  /** Where the files of a Current to a bucket arrive, and the time between two looks; `undefined` for none. */
  readonly collect: { readonly source: string; readonly intervalMs: number } | undefined;
  readonly backlog: BacklogBounds;
  readonly mixpanel: MixpanelConfig;
  readonly webhook: { readonly username: string; readonly password: Secret } | undefined;
  readonly braze: {
    readonly restUrl: string | undefined;
    readonly dataImportKey: Secret | undefined;
    readonly partnerApiKey: Secret | undefined;
    readonly restApiKey: Secret | undefined;
    /** REST key that reads Braze's own analytics. */
    readonly analyticsKey: Secret | undefined;
    /** The time zone of the company, whose days Braze's own counts have. */
    readonly timeZone: string;
  };
  readonly lookupTables: LookupTablesConfig;
  readonly cohorts: {
    readonly entries: readonly CohortEntry[];
    readonly syncIntervalMs: number;
    /** Interval of full sends. */
    readonly resendIntervalMs: number;
    readonly safetyStop: SafetyStop;
    readonly match: MatchRule;
    /** Budget of the query API; 0 means no limit. */
    readonly queriesPerHour: number;
    /** Maximum of syncs that are created for pushed cohorts. */
    readonly pushedAtMost: number;
    /** Segments of Braze whose only filter is a cohort, by the ID of the cohort. */
    readonly segments: Readonly<Record<string, string>>;
  };
}

/** IDs of the lookup tables in Mixpanel, which are written every interval; none by default. */
export interface LookupTablesConfig {
  readonly campaigns: string | undefined;
  readonly canvases: string | undefined;
  readonly messageVariations: string | undefined;
  readonly canvasSteps: string | undefined;
  readonly intervalMs: number;
}

/** Backlog limits above which a connection answers 503. */
export interface BacklogBounds {
  readonly maxBytes: number;
  /** `undefined` means no limit. */
  readonly maxAgeMs: number | undefined;
}

/** Credentials for HTTP Basic authentication. */
export interface BasicCredentials {
  readonly kind: 'service account' | 'project token' | 'API secret';
  readonly username: string | Secret;
  readonly password: Secret | undefined;
}

export interface MixpanelConfig {
  /** Origin; `/import` is appended. */
  readonly apiUrl: string;
  /** Origin; `/api/query/…` is appended. */
  readonly queryUrl: string;
  /** Origin; `/api/2.0/export` is appended. */
  readonly exportUrl: string;
  /** The time zone of days and times in the raw export. */
  readonly timeZone: string;
  readonly region: MixpanelRegion;
  readonly projectId: string | undefined;
  /** Also where a service account imports. */
  readonly projectToken: Secret | undefined;
  /** Start of the day on which the service account expires, in milliseconds since 1970; `undefined` if not known. */
  readonly credentialsExpire: number | undefined;
  /** For `/import`: the service account, else the project token, else the API secret. */
  readonly importCredentials: BasicCredentials;
  /**
   * For the query API, which accepts no project token: the service account, else the API secret, else none.
   */
  readonly queryCredentials: BasicCredentials | undefined;
  /** For deletions of users; `undefined` where none can be requested. */
  readonly deletions: { readonly oauthToken: Secret; readonly projectToken: Secret } | undefined;
}
