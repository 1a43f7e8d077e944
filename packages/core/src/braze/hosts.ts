/**
 * REST hosts of the Braze instances (as documented in 2026).
 *
 * @see https://www.braze.com/docs/user_guide/administer/personal/sdk_endpoints/
 */
export const brazeInstances = [
  'rest.iad-01.braze.com',
  'rest.iad-02.braze.com',
  'rest.iad-03.braze.com',
  'rest.iad-04.braze.com',
  'rest.iad-05.braze.com',
  'rest.iad-06.braze.com',
  'rest.iad-07.braze.com',
  'rest.iad-08.braze.com',
  'rest.us-10.braze.com',
  'rest.fra-01.braze.eu',
  'rest.fra-02.braze.eu',
  'rest.au-01.braze.com',
  'rest.id-01.braze.com',
  'rest.jp-01.braze.com',
  'rest.kr-01.braze.com',
] as const;

/** A host of Braze that is no REST endpoint. */
export interface NoBrazeRestHost {
  /** The REST host of the same instance, where the host names one. */
  readonly meant: string | undefined;
}

/**
 * A host of Braze that serves no REST API: a dashboard, an SDK endpoint, or the name of an instance in another
 * form. `undefined` for REST hosts, of instances that are not documented too, and for hosts of others, such as
 * a proxy. Total over any text.
 *
 * @see https://www.braze.com/docs/user_guide/administer/personal/sdk_endpoints/
 *
 * @example
 * ```ts
 * import { noBrazeRestHost } from '@braze-mixpanel/core/braze';
 *
 * console.log(noBrazeRestHost('dashboard-01.braze.com')); // { meant: 'rest.iad-01.braze.com' }
 * console.log(noBrazeRestHost('proxy.example')); // undefined
 * ```
 */
export function noBrazeRestHost(host: string): NoBrazeRestHost | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const [, inside = '', domain] = /^(?:(.+)\.)?braze\.(com|eu)$/.exec(name) ?? [];
  if (domain === undefined || isInstance(name)) return undefined;
  const meant = instanceIn(inside, domain);
  return meant === undefined && /^rest\.[a-z]+-\d+$/.test(inside) ? undefined : { meant };
}

const isInstance = (host: string): boolean => brazeInstances.some(each => each === host);

/** The instances that dashboards and documents name by a country, and their REST hosts by a city. */
const cities: Readonly<Record<string, string>> = { us: 'iad', eu: 'fra' };

function instanceIn(inside: string, domain: string): string | undefined {
  const [, place = '', digits] = /(?:^|[.-])(?:([a-z]{2,3})-)?(\d{1,2})(?:\.|$)/.exec(inside) ?? [];
  if (digits === undefined) return undefined;
  const number = digits.padStart(2, '0');
  // A dashboard of the first instances has a number alone: its domain tells the country.
  const country = cities[place] || place !== '' ? place : domain === 'eu' ? 'eu' : 'us';
  const names = [country, cities[country]].map(each => `rest.${each}-${number}.braze.`);
  return brazeInstances.find(each => names.some(start => each.startsWith(start)));
}
