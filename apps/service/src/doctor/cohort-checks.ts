import { type MatchRule, matchMember, memberOfKey } from '@braze-mixpanel/core/cohorts';
import { type EngagePage, engagePageSchema, type ListedCohort } from '@braze-mixpanel/core/mixpanel';
import { propertiesOf } from '../cohorts/sources/read-cohort.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Ask, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

/**
 * Limit of cohorts checked per connection: each uses one of the 60 queries that Mixpanel allows in an hour.
 */
const mostCohorts = 5;
/** Limit of ids in one request. Source: Braze, "/users/export/ids". */
const mostUsers = 50;

/**
 * Checks each configured cohort: whether it exists, how many members of its first page have an identifier for
 * Braze and, with a REST key that can read users, how many of fifty exist in Braze.
 */
export async function checkCohorts(
  connection: ConnectionConfig,
  listed: readonly ListedCohort[] | undefined,
  ask: Ask,
): Promise<CheckResult[]> {
  const { entries } = connection.cohorts;
  if (entries.length === 0) return [skipped('Cohorts', 'No cohorts are configured.')];
  if (listed === undefined)
    return [skipped('Cohorts', `${entries.length} configured; checking them requires the query API.`)];
  const findings: CheckResult[] = [];
  for (const { id } of entries.slice(0, mostCohorts))
    findings.push(
      await checkCohort(
        id,
        listed.find(each => each.id === id),
        connection,
        ask,
      ),
    );
  const left = entries.length - mostCohorts;
  if (left > 0)
    findings.push(skipped('Cohorts', `${left} more were not checked, to save the hourly query budget.`));
  return findings;
}

async function checkCohort(
  id: string,
  listed: ListedCohort | undefined,
  connection: ConnectionConfig,
  ask: Ask,
): Promise<CheckResult> {
  const about = `Cohort ${id}`;
  if (listed === undefined)
    return failure(
      about,
      'The project has no cohort with this ID.',
      'Correct COHORTS: the ID is in the address of the cohort page in Mixpanel.',
    );
  const name = JSON.stringify(listed.name);
  const { match } = connection.cohorts;
  const page = await firstPage(id, match, connection, ask);
  if (typeof page === 'string')
    return warning(about, `${name} could not be read (${page}).`, 'Try again; its members were not checked.');
  const members = page.results.map(each => membersOf(each, match));
  if (members.length === 0) return ok(about, `${name} has no members now.`);
  const matched = members.filter(each => each.length > 0);
  const sample =
    page.total > members.length
      ? `of the first ${members.length} of ${page.total} members`
      : `of ${members.length} members`;
  const message = `${name}: ${matched.length} ${sample} have an identifier for Braze`;
  const known = await knownToBraze(matched.flat(), connection, ask);
  const all =
    known === undefined
      ? `${message}.`
      : `${message}; of ${known.asked} looked up in Braze, ${known.found} exist.`;
  const poor = matched.length < members.length / 2 || (known !== undefined && known.found < known.asked / 2);
  return poor ? warning(about, all, matchHint(match)) : ok(about, all);
}

async function firstPage(
  id: string,
  match: MatchRule,
  { mixpanel }: ConnectionConfig,
  ask: Ask,
): Promise<EngagePage | string> {
  const url = new URL('/api/query/engage', mixpanel.queryUrl);
  if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
  const authorization =
    mixpanel.queryCredentials === undefined ? '' : basicAuthorization(mixpanel.queryCredentials);
  const body = new URLSearchParams({
    filter_by_cohort: `{"id":${/^\d+$/.test(id) ? id : JSON.stringify(id)}}`,
    output_properties: JSON.stringify(propertiesOf(match)),
  });
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await ask({ url, headers, body: body.toString() });
  const page =
    answer.kind === 'answered' && answer.status === 200
      ? engagePageSchema.safeParse(parsed(answer)).data
      : undefined;
  return page ?? shown(answer);
}

function membersOf({ $distinct_id, $properties = {} }: EngagePage['results'][number], match: MatchRule) {
  return matchMember($distinct_id, $properties, match)
    .map(memberOfKey)
    .filter(member => member.kind !== 'unmatched');
}

/** Reads only the external ids of the users. */
async function knownToBraze(
  members: readonly ReturnType<typeof memberOfKey>[],
  { braze }: ConnectionConfig,
  ask: Ask,
): Promise<{ asked: number; found: number } | undefined> {
  const ids = members.flatMap(each => (each.kind === 'external_id' ? [each.id] : [])).slice(0, mostUsers);
  if (ids.length === 0 || braze.restUrl === undefined || braze.restApiKey === undefined) return undefined;
  const answer = await ask({
    url: new URL('/users/export/ids', braze.restUrl),
    headers: {
      authorization: `Bearer ${braze.restApiKey.reveal()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ external_ids: ids, fields_to_export: ['external_id'] }),
  });
  if (answer.kind === 'lost' || answer.status >= 300) return undefined;
  const body = parsed(answer);
  const users = typeof body === 'object' && body !== null && 'users' in body ? body.users : undefined;
  return Array.isArray(users) ? { asked: ids.length, found: users.length } : undefined;
}

const matchHint = (match: MatchRule): string =>
  match.by === 'default'
    ? 'Set COHORT_MATCH to the profile property with the Braze external ID, or set $braze_external_id on the profiles.'
    : 'Check COHORT_MATCH: it must name the property with the Braze external ID.';
