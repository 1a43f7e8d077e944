import type { Fault } from './gather.ts';
import { qualified } from './qualified.ts';
import type { ConnectionSettings, Settings } from './shape.ts';
import { regionOfHosts } from './vendor-hosts.ts';
import { weakTokens } from './weak-tokens.ts';

/** The valid settings that should be changed. */
export function warningsOf(settings: Settings): Fault[] {
  const connections = Object.entries(settings.connections);
  return [
    ...weakTokens(settings),
    ...connections.flatMap(([name, each]) => warningsOfConnection(name, each)),
  ];
}

function warningsOfConnection(name: string, settings: ConnectionSettings): Fault[] {
  const found: [setting: keyof ConnectionSettings, message: string][] = [];
  if (settings.CURRENTS_TOKEN === undefined) {
    found.push([
      'CURRENTS_TOKEN',
      'is not set: any process on this machine can send events. Set the token that Braze sends.',
    ]);
  }
  const region = regionOfHosts(settings);
  if (region !== undefined && region !== settings.MIXPANEL_REGION)
    found.push([
      'MIXPANEL_REGION',
      `is ${settings.MIXPANEL_REGION}, but all hosts of Mixpanel are of the region ${region}. Set MIXPANEL_REGION=${region}.`,
    ]);
  return [...found, ...halfPairs(settings)].map(([setting, message]) => ({
    setting: qualified(name, setting),
    message,
  }));
}

/** The settings of Braze that lack another one to have an effect. What `COHORTS` needs is a fault instead. */
function halfPairs(settings: ConnectionSettings): [setting: keyof ConnectionSettings, message: string][] {
  const isSet = (setting: keyof ConnectionSettings) => settings[setting] !== undefined;
  const found: ReturnType<typeof halfPairs> = [];
  const keys = ['BRAZE_REST_API_KEY', 'BRAZE_DATA_IMPORT_KEY', 'BRAZE_PARTNER_API_KEY'] as const;
  const [url, one, other] = ['BRAZE_REST_URL', 'BRAZE_DATA_IMPORT_KEY', 'BRAZE_PARTNER_API_KEY'] as const;
  const needing = [...keys, 'MIXPANEL_WEBHOOK_USERNAME' as const].find(isSet);
  if (!isSet(url) && needing !== undefined)
    found.push([url, `is not set, but ${needing} is: no cohort can be sent. Set both or neither.`]);
  if (isSet(url) && !isSet('BRAZE_ANALYTICS_KEY') && !keys.some(isSet))
    found.push([
      'BRAZE_REST_API_KEY',
      `is not set, but ${url} is: no cohort can be sent. Set both or neither.`,
    ]);
  if (isSet('COHORT_SEGMENTS') && !isSet('BRAZE_ANALYTICS_KEY'))
    found.push([
      'BRAZE_ANALYTICS_KEY',
      'is not set, but COHORT_SEGMENTS is: no sizes of segments are read. Set both or neither.',
    ]);
  if (isSet(one) !== isSet(other)) {
    const [set, unset] = isSet(one) ? [one, other] : [other, one];
    found.push([unset, `is not set, but ${set} is: the partner import is not used. Set both or neither.`]);
  }
  return found;
}
