import { type EngagePage, engagePageSchema } from '@braze-mixpanel/core/mixpanel';
import { z } from 'zod';
import type { Config, ConnectionConfig, MixpanelConfig } from '../config/config.ts';
import { hotIdEvents, type IdReport, idReportSchema } from '../events/ids/id-report.ts';
import { findingTitles } from '../observability/findings/finding.ts';
import { idFindings } from '../observability/findings/id-findings.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Ask, parsed, shown } from './ask.ts';
import { type CheckResult, ok, skipped, warning } from './check-result.ts';
import { folded, formsOf } from './id-forms.ts';
import { here, readToken } from './service-checks.ts';

/** Ids of one query for their profiles. A page of the answer holds 1,000; how many ids a query accepts is not documented. */
const mostIds = 200;
/** Ids without a profile whose other forms are looked up: about 20 forms each, in one query. */
const mostMissing = 40;
/** Characters of an id that are shown. */
const shownCharacters = 100;

/** What the running service counted, by connection; or why that is not known. */
type Reports = Readonly<Record<string, IdReport>> | string;

/** Reads the user ids of the last day from the service on this machine. */
export async function readIdReports(config: Config, ask: Ask): Promise<Reports> {
  const token = readToken(config);
  if (token === undefined) return 'ADMIN_TOKEN or VIEWER_TOKEN is not set';
  const answer = await ask({
    url: new URL('/api/identity', here(config)),
    method: 'GET',
    headers: { authorization: `Bearer ${token}` },
  });
  const reports = reportsSchema.safeParse(parsed(answer));
  return reports.success
    ? reports.data.connections
    : `the service on this machine cannot be read (${shown(answer)})`;
}

const reportsSchema = z.object({ connections: z.record(z.string(), idReportSchema) });

/**
 * Compares the user ids of delivered events with the profiles in Mixpanel, by at most three of the 60 queries that
 * Mixpanel allows in an hour. What can't be compared is reported as not known.
 */
export async function checkIdentity(
  { name, mixpanel }: ConnectionConfig,
  reports: Reports,
  ask: Ask,
): Promise<CheckResult[]> {
  const about = 'User IDs';
  if (typeof reports === 'string')
    return [
      skipped(
        about,
        `Not known: ${reports}. The IDs of yesterday and today are counted by the running service.`,
        'Use this command on the machine of the running service, with its configuration.',
      ),
    ];
  const days = reports[name]?.days ?? [];
  if (days.every(({ events }) => events === 0))
    return [skipped(about, 'Not known: no event of yesterday or today with a user was delivered so far.')];
  return [...checkHotIds({ days }), ...(await checkProfiles(days, mixpanel, ask))];
}

/** Nothing where an id is over the limit, or may be: the findings of the running service say so. */
function checkHotIds(report: IdReport): CheckResult[] {
  if (idFindings({ ids: report }).length > 0) return [];
  const most = report.days
    .flatMap(({ heaviest }) => heaviest)
    .reduce((high, each) => Math.max(high, each.events), 0);
  const limit = hotIdEvents.toLocaleString('en');
  return [
    ok(
      findingTitles.hot_ids,
      `At most ${most.toLocaleString('en')} counted on one day; Mixpanel takes ${limit}.`,
    ),
  ];
}

async function checkProfiles(
  days: IdReport['days'],
  mixpanel: MixpanelConfig,
  ask: Ask,
): Promise<CheckResult[]> {
  const about = 'Profiles of user IDs';
  if (mixpanel.queryCredentials === undefined)
    return [skipped(about, 'Not known: a project token has no read access to profiles.')];
  const ids = [...new Set(days.toReversed().flatMap(({ sample }) => sample))].slice(0, mostIds);
  const asked = await profiles({ distinct_ids: JSON.stringify(ids) }, mixpanel, ask);
  if (typeof asked === 'string')
    return [skipped(about, `Not known: the profiles cannot be read (${asked}).`, 'Try again later.')];
  const known = new Set(asked.results.map(each => each.$distinct_id));
  // On original identity, a profile is listed under another id of its user.
  const elsewhere = asked.results.filter(each => !ids.includes(String(each.$distinct_id))).length;
  const found = ids.filter(id => known.has(id)).length + elsewhere;
  const message = `${found} of ${ids.length} sampled IDs of yesterday and today have a profile in Mixpanel`;
  const share =
    found < ids.length / 2
      ? warning(
          about,
          `${message}.`,
          'Compare the external ID in Braze with the ID that your apps pass to identify() of Mixpanel: they must be equal, byte for byte. Users who never opened an app have no profile.',
        )
      : ok(about, `${message}.`);
  if (elsewhere > 0)
    return [
      share,
      skipped(
        'Forms of user IDs',
        `Not known: ${elsewhere} of these profiles are listed under another ID of their user, as on original identity, so it is unclear which IDs have none.`,
      ),
    ];
  const missing = ids.filter(id => !known.has(id));
  return [share, await checkForms(missing, [...known].map(String), mixpanel, ask)];
}

/** Looks for profiles under other forms of the ids without one, and for ids that are a form of a profile's id. */
async function checkForms(
  missing: readonly string[],
  known: readonly string[],
  mixpanel: MixpanelConfig,
  ask: Ask,
): Promise<CheckResult> {
  const about = 'Forms of user IDs';
  if (missing.length === 0) return ok(about, 'No sampled ID to compare: none is without a profile.');
  const some = missing.slice(0, mostMissing);
  const forms = new Map(some.flatMap(id => formsOf(id).map(({ id: other, form }) => [other, { id, form }])));
  const asForms = await profiles({ distinct_ids: JSON.stringify([...forms.keys()]) }, mixpanel, ask);
  const others = await profiles({}, mixpanel, ask);
  const pairs = new Map<string, string>();
  if (typeof asForms !== 'string')
    for (const { $distinct_id: other } of asForms.results) {
      const of = forms.get(String(other));
      if (of !== undefined) pairs.set(of.id, `${quoted(of.id)} is ${quoted(String(other))} (${of.form})`);
    }
  const left = new Set(some.filter(id => !pairs.has(id)));
  const listed = typeof others === 'string' ? [] : others.results.map(each => String(each.$distinct_id));
  const byFold = new Map([...left].map(id => [folded(id), id]));
  for (const other of new Set([...known, ...listed])) {
    if (left.has(other)) continue;
    const id = byFold.get(folded(other));
    if (id !== undefined) pairs.set(id, `${quoted(id)} is ${quoted(other)} (another case or blanks)`);
    for (const { id: hash, form } of formsOf(other))
      if (left.has(hash) && !pairs.has(hash))
        pairs.set(hash, `${quoted(hash)} is ${quoted(other)} (${form})`);
  }
  if (pairs.size > 0)
    return warning(
      about,
      `${pairs.size} of ${some.length} IDs without a profile are another form of an ID with one; for example, ${[...pairs.values()][0]}.`,
      'Use one form in Braze and in your apps. Mixpanel never merges two users on simplified identity, so events that were sent stay apart.',
    );
  const unread = [asForms, others].find(each => typeof each === 'string');
  if (unread !== undefined)
    return skipped(about, `Not known: the profiles cannot be read (${unread}).`, 'Try again later.');
  return ok(
    about,
    `None of ${some.length} IDs without a profile has one in another case, without blanks, or as a hash; nor is it such a form of one of ${listed.length + known.length} IDs with a profile.`,
  );
}

const quoted = (id: string): string =>
  JSON.stringify(id.length > shownCharacters ? `${id.slice(0, shownCharacters)}…` : id);

/** One query for profiles: a page, or why there is none. Source: Mixpanel, "Query API: Query Profiles". */
async function profiles(
  wanted: Record<string, string>,
  { queryUrl, projectId, queryCredentials }: MixpanelConfig,
  ask: Ask,
): Promise<EngagePage | string> {
  const url = new URL('/api/query/engage', queryUrl);
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  const authorization = queryCredentials === undefined ? '' : basicAuthorization(queryCredentials);
  const answer = await ask({
    url,
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...wanted, output_properties: '["$last_seen"]' }).toString(),
  });
  const isPage = answer.kind === 'answered' && answer.status === 200;
  return (isPage ? engagePageSchema.safeParse(parsed(answer)).data : undefined) ?? shown(answer);
}
