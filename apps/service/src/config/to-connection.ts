import type { MatchRule } from '@braze-mixpanel/core/cohorts';
import { catalogueVersions, resolveNames, resolveSelection } from '@braze-mixpanel/core/currents';
import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { Secret } from '../secrets/secret.ts';
import type { BasicCredentials, ConnectionConfig, MixpanelConfig } from './config.ts';
import type { ConnectionSettings } from './shape.ts';

/** The configuration of a connection from its checked settings. */
export function toConnection(name: string, settings: ConnectionSettings): ConnectionConfig {
  const region = mixpanelHosts[settings.MIXPANEL_REGION];
  return {
    name,
    currents: {
      tokens: settings.CURRENTS_TOKEN ?? [],
      catalogueVersion: settings.CURRENTS_GENERATION,
      ...mappingOf(settings),
      sendUnlisted: settings.CURRENTS_SEND_UNLISTED,
      redact: settings.CURRENTS_REDACT ?? [],
      shadow: settings.DELIVERY_MODE === 'shadow',
    },
    held: settings.DELIVERY_MODE === 'hold',
    collect:
      settings.COLLECT === undefined
        ? undefined
        : { source: settings.COLLECT, intervalMs: settings.COLLECT_INTERVAL },
    backlog: { maxBytes: settings.BACKLOG_MAX_BYTES, maxAgeMs: settings.BACKLOG_MAX_AGE },
    mixpanel: {
      apiUrl: settings.MIXPANEL_API_URL ?? region.ingestion,
      queryUrl: settings.MIXPANEL_QUERY_URL ?? region.query,
      exportUrl: settings.MIXPANEL_EXPORT_URL ?? settings.MIXPANEL_QUERY_URL ?? region.export,
      timeZone: settings.MIXPANEL_PROJECT_TIMEZONE,
      region: settings.MIXPANEL_REGION,
      projectId: settings.MIXPANEL_PROJECT_ID,
      projectToken: settings.MIXPANEL_TOKEN,
      credentialsExpire: settings.MIXPANEL_CREDENTIALS_EXPIRE,
      ...credentialsOf(settings),
      deletions:
        settings.MIXPANEL_OAUTH_TOKEN === undefined || settings.MIXPANEL_TOKEN === undefined
          ? undefined
          : { oauthToken: settings.MIXPANEL_OAUTH_TOKEN, projectToken: settings.MIXPANEL_TOKEN },
    },
    webhook:
      settings.MIXPANEL_WEBHOOK_USERNAME === undefined || settings.MIXPANEL_WEBHOOK_PASSWORD === undefined
        ? undefined
        : { username: settings.MIXPANEL_WEBHOOK_USERNAME, password: settings.MIXPANEL_WEBHOOK_PASSWORD },
    braze: {
      restUrl: settings.BRAZE_REST_URL,
      dataImportKey: settings.BRAZE_DATA_IMPORT_KEY,
      partnerApiKey: settings.BRAZE_PARTNER_API_KEY,
      restApiKey: settings.BRAZE_REST_API_KEY,
      analyticsKey: settings.BRAZE_ANALYTICS_KEY,
      timeZone: settings.BRAZE_TIMEZONE,
    },
    lookupTables: {
      campaigns: settings.LOOKUP_TABLE_CAMPAIGNS,
      canvases: settings.LOOKUP_TABLE_CANVASES,
      messageVariations: settings.LOOKUP_TABLE_MESSAGE_VARIATIONS,
      canvasSteps: settings.LOOKUP_TABLE_CANVAS_STEPS,
      intervalMs: settings.LOOKUP_TABLE_INTERVAL,
    },
    cohorts: {
      entries: settings.COHORTS ?? [],
      syncIntervalMs: settings.COHORT_SYNC_INTERVAL,
      resendIntervalMs: settings.COHORT_RESEND_INTERVAL,
      safetyStop: { over: settings.COHORT_SAFETY_STOP },
      match: matchOf(settings),
      queriesPerHour: settings.MIXPANEL_QUERIES_PER_HOUR,
      pushedAtMost: settings.COHORT_PUSH_MAX,
      segments: Object.fromEntries(
        (settings.COHORT_SEGMENTS ?? []).map(({ cohort, segment }) => [cohort, segment]),
      ),
    },
  };
}

function matchOf({ COHORT_MATCH: match, COHORT_MATCH_AS: as }: ConnectionSettings): MatchRule {
  if (match === undefined) return { by: 'default' };
  return match.by === 'property' && as !== undefined ? { ...match, as } : match;
}

type Mapping = Pick<
  ConnectionConfig['currents'],
  'selection' | 'alsoSend' | 'names' | 'exclusions' | 'sendUnknown' | 'sendUnattributed' | 'sendUserId'
>;

function mappingOf(settings: ConnectionSettings): Mapping {
  const catalogueVersion = catalogueVersions.get(settings.CURRENTS_GENERATION)!;
  const events = resolveSelection(settings.CURRENTS_EVENTS ?? ['all'], catalogueVersion);
  const names = resolveNames(Object.fromEntries(settings.CURRENTS_NAMES ?? []), catalogueVersion);
  if (!events.ok || !names.ok)
    throw new Error('An unknown event name passed the check of the configuration.');
  const eventTypes = [...events.eventTypes].sort();
  return {
    selection: events.all ? undefined : eventTypes,
    alsoSend: events.all ? eventTypes : [],
    names: Object.fromEntries(names.names),
    exclusions: settings.CURRENTS_EXCLUDE ?? [],
    sendUnknown: settings.CURRENTS_UNKNOWN === 'send',
    sendUnattributed: settings.ANONYMOUS === 'unattributed',
    sendUserId: settings.MIXPANEL_USER_ID,
  };
}

function credentialsOf(
  settings: ConnectionSettings,
): Pick<MixpanelConfig, 'importCredentials' | 'queryCredentials'> {
  const basic = (kind: BasicCredentials['kind'], username: string | Secret | undefined, password?: Secret) =>
    username === undefined ? undefined : { kind, username, password };
  const account = basic(
    'service account',
    settings.MIXPANEL_SERVICE_ACCOUNT,
    settings.MIXPANEL_SERVICE_SECRET,
  );
  const token = basic('project token', settings.MIXPANEL_TOKEN);
  const secret = basic('API secret', settings.MIXPANEL_API_SECRET);
  const importCredentials = account ?? token ?? secret;
  if (importCredentials === undefined)
    throw new Error('A connection without credentials passed the check of the configuration.');
  return { importCredentials, queryCredentials: account ?? secret };
}
