import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { z } from 'zod';
import { Secret } from '../secrets/secret.ts';
import { checkLookupTables, checkSharedTables } from './lookup-table-rules.ts';
import { checkMapping } from './mapping-rules.ts';
import { qualified } from './qualified.ts';
import { takesNeeded } from './redaction-paths.ts';
import type { ConnectionSettings, Settings } from './shape.ts';
import { wrongHosts } from './vendor-hosts.ts';

/**
 * Rules that span several settings. They also run if single settings are invalid, so that one error lists
 * everything. An invalid setting is then present with a value of another type: rules check whether it is set,
 * and read its value only after `typeof`. A rule that applies because of a setting names it, so that it is not
 * reported where that setting is invalid itself.
 */
type Report = Pick<z.core.$RefinementCtx, 'addIssue'>;

export function checkConnection(connection: ConnectionSettings, report: Report): void {
  const fault: Fault = (setting, message, ...because) =>
    report.addIssue({ code: 'custom', path: [setting], message, params: { because } });
  checkMapping(connection, fault);
  checkRedaction(connection, fault);
  checkMixpanelCredentials(connection, fault);
  if (connection.MIXPANEL_OAUTH_TOKEN !== undefined && connection.MIXPANEL_TOKEN === undefined)
    fault(
      'MIXPANEL_TOKEN',
      'is not set, but MIXPANEL_OAUTH_TOKEN is; expected the project token, which names the project of a deletion.',
      'MIXPANEL_OAUTH_TOKEN',
    );
  checkCohorts(connection, fault);
  checkLookupTables(connection, fault);
  checkPair(connection, 'MIXPANEL_WEBHOOK_USERNAME', 'MIXPANEL_WEBHOOK_PASSWORD', fault);
  for (const setting of [
    'MIXPANEL_API_URL',
    'MIXPANEL_QUERY_URL',
    'MIXPANEL_EXPORT_URL',
    'BRAZE_REST_URL',
  ] as const) {
    const url = connection[setting];
    if (typeof url === 'string' && url.startsWith('http:') && isVendorAddress(url)) {
      fault(setting, `is ${url}, which sends secrets in clear text; expected https.`);
    }
  }
  for (const { setting, message, because } of wrongHosts(connection)) fault(setting, message, ...because);
}

export function checkService(settings: Settings, report: Report): void {
  const connections = Object.entries(settings.connections ?? {});
  if (connections.length === 0) {
    report.addIssue({
      code: 'custom',
      path: ['MIXPANEL_TOKEN'],
      message: `is not set, and neither is any other setting of a connection; expected ${mixpanelCredentials}.`,
    });
  }
  checkRoles(settings, report);
  checkSharedTables(settings, report);
  for (const [name, connection] of connections) {
    if (
      connection.CURRENTS_TOKEN === undefined &&
      typeof settings.HOST === 'string' &&
      !isLoopback(settings.HOST)
    ) {
      report.addIssue({
        code: 'custom',
        path: ['connections', name, 'CURRENTS_TOKEN'],
        message: `is not set, and HOST is ${settings.HOST}: anyone on that network could send events; expected the token that Braze sends, or a loopback HOST such as 127.0.0.1.`,
        params: { because: ['HOST'] },
      });
    }
    if (settings.CLOCK_URL !== undefined) checkClock(name, connection, report);
  }
}

/** The roles have different tokens: the token of Braze and the viewer token must not grant write access. */
function checkRoles(settings: Settings, report: Report): void {
  const revealed = (tokens: unknown) =>
    Array.isArray(tokens) ? tokens.filter(each => each instanceof Secret).map(each => each.reveal()) : [];
  const operators = new Set(revealed(settings.ADMIN_TOKEN));
  const others = [
    { setting: 'VIEWER_TOKEN', tokens: settings.VIEWER_TOKEN },
    ...Object.entries(settings.connections ?? {}).map(([name, { CURRENTS_TOKEN }]) => ({
      setting: qualified(name, 'CURRENTS_TOKEN'),
      tokens: CURRENTS_TOKEN,
    })),
  ];
  for (const { setting, tokens } of others)
    if (revealed(tokens).some(token => operators.has(token)))
      report.addIssue({
        code: 'custom',
        path: ['ADMIN_TOKEN'],
        message: `has a token in common with ${setting}, which would grant it write access; expected a different token.`,
        params: { because: ['ADMIN_TOKEN', setting] },
      });
}

type Setting = keyof ConnectionSettings;
type Fault = (setting: Setting, message: string, ...because: Setting[]) => void;

const mixpanelCredentials =
  'MIXPANEL_SERVICE_ACCOUNT with MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID, or MIXPANEL_TOKEN, or MIXPANEL_API_SECRET';

function checkMixpanelCredentials(connection: ConnectionSettings, fault: Fault): void {
  const hasAccount = connection.MIXPANEL_SERVICE_ACCOUNT !== undefined;
  const hasSecret = connection.MIXPANEL_SERVICE_SECRET !== undefined;
  if (hasAccount || hasSecret) {
    checkPair(connection, 'MIXPANEL_SERVICE_ACCOUNT', 'MIXPANEL_SERVICE_SECRET', fault);
    if (connection.MIXPANEL_PROJECT_ID === undefined) {
      fault(
        'MIXPANEL_PROJECT_ID',
        'is not set, but a service account requires it; expected the ID from the project settings.',
        hasAccount ? 'MIXPANEL_SERVICE_ACCOUNT' : 'MIXPANEL_SERVICE_SECRET',
      );
    }
  } else if (connection.MIXPANEL_TOKEN === undefined && connection.MIXPANEL_API_SECRET === undefined) {
    fault(
      'MIXPANEL_TOKEN',
      `is not set, and neither is any other Mixpanel credential; expected ${mixpanelCredentials}.`,
    );
  }
}

function checkPair(connection: ConnectionSettings, one: Setting, other: Setting, fault: Fault): void {
  for (const [set, unset] of [
    [one, other],
    [other, one],
  ] as const) {
    if (connection[set] !== undefined && connection[unset] === undefined) {
      fault(unset, `is not set, but ${set} is; expected both or neither.`, set);
    }
  }
}

function checkRedaction({ CURRENTS_REDACT: paths }: ConnectionSettings, fault: Fault): void {
  if (!Array.isArray(paths)) return;
  for (const path of paths) {
    const field = takesNeeded(path);
    if (field !== undefined)
      fault(
        'CURRENTS_REDACT',
        `names ${JSON.stringify(path)}, which removes ${field}, a field required for delivery; expected paths of other fields, for example properties.ip_address.`,
      );
  }
}

function checkCohorts(connection: ConnectionSettings, fault: Fault): void {
  checkMatching(connection, fault);
  if (connection.COHORTS === undefined) return;
  const canQuery =
    connection.MIXPANEL_SERVICE_ACCOUNT !== undefined || connection.MIXPANEL_API_SECRET !== undefined;
  const queried =
    !Array.isArray(connection.COHORTS) || connection.COHORTS.some(each => each.source !== 'webhook');
  if (!canQuery && queried) {
    fault(
      'MIXPANEL_SERVICE_ACCOUNT',
      'is not set, but COHORTS is, and a project token cannot read cohorts; expected a service account with its secret and the project ID, or MIXPANEL_API_SECRET.',
      'COHORTS',
    );
  }
  if (connection.BRAZE_REST_URL === undefined) {
    fault(
      'BRAZE_REST_URL',
      'is not set, but COHORTS is; expected the REST endpoint of your Braze instance.',
      'COHORTS',
    );
  }
  const canImport =
    connection.BRAZE_DATA_IMPORT_KEY !== undefined && connection.BRAZE_PARTNER_API_KEY !== undefined;
  const sinks = Array.isArray(connection.COHORTS) ? connection.COHORTS.map(each => each.sink) : [];
  if (sinks.includes('partner') && !canImport) {
    fault(
      'BRAZE_PARTNER_API_KEY',
      'or BRAZE_DATA_IMPORT_KEY is not set, but a cohort uses the sink partner; expected both.',
      'COHORTS',
    );
  }
  if (sinks.includes('track') && connection.BRAZE_REST_API_KEY === undefined) {
    fault(
      'BRAZE_REST_API_KEY',
      'is not set, but a cohort uses the sink track; expected a REST key with users.track.',
      'COHORTS',
    );
  } else if (!canImport && connection.BRAZE_REST_API_KEY === undefined) {
    fault(
      'BRAZE_REST_API_KEY',
      'is not set, but COHORTS is; expected a REST key with users.track, or BRAZE_DATA_IMPORT_KEY together with BRAZE_PARTNER_API_KEY.',
      'COHORTS',
    );
  }
}

function checkMatching(connection: ConnectionSettings, fault: Fault): void {
  const { COHORT_MATCH: match, COHORT_MATCH_AS: as } = connection;
  if (as !== undefined && (match === undefined || match.by === 'distinct_id')) {
    fault(
      'COHORT_MATCH',
      'names no property, but COHORT_MATCH_AS is set; expected the name of a profile property.',
      'COHORT_MATCH_AS',
      'COHORT_MATCH',
    );
  }
  const canImport =
    connection.BRAZE_PARTNER_API_KEY !== undefined && connection.BRAZE_DATA_IMPORT_KEY !== undefined;
  if (as?.kind === 'device_id' && !canImport) {
    fault(
      'COHORT_MATCH_AS',
      'is device_id, which /users/track does not support; expected external_id or alias:<label>, or the keys of the partner import.',
    );
  }
}

function checkClock(name: string, connection: ConnectionSettings, report: Report): void {
  const region = mixpanelHosts[connection.MIXPANEL_REGION];
  const addresses = {
    MIXPANEL_API_URL: connection.MIXPANEL_API_URL ?? region?.ingestion,
    MIXPANEL_QUERY_URL: connection.MIXPANEL_QUERY_URL ?? region?.query,
    MIXPANEL_EXPORT_URL: connection.MIXPANEL_EXPORT_URL,
    BRAZE_REST_URL: connection.BRAZE_REST_URL,
  };
  for (const [setting, address] of Object.entries(addresses)) {
    if (typeof address !== 'string' || !isVendorAddress(address)) continue;
    report.addIssue({
      code: 'custom',
      path: ['CLOCK_URL'],
      message: `is set, but ${qualified(name, setting)} is ${address}, a real vendor address; a simulated clock works with simulators only; expected CLOCK_URL unset, or ${setting} at a simulator.`,
    });
  }
}

function isVendorAddress(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return /(^|\.)(mixpanel\.com|braze\.com|braze\.eu)\.?$/.test(host);
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
