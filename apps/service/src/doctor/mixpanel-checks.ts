import {
  cohortListSchema,
  importedAnswerSchema,
  type ListedCohort,
  type MixpanelHosts,
  type MixpanelRegion,
  projectTimeZone,
  refusedAnswerSchema,
  refusesCredentials,
  refusesDayAsFuture,
} from '@braze-mixpanel/core/mixpanel';
import type { MixpanelConfig } from '../config/config.ts';
import { projectZoneAdvice } from '../reconcile/explain/project-zone-advice.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Answer, type Ask, adviceFor, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

export type Regions = Readonly<Record<MixpanelRegion, MixpanelHosts>>;

/**
 * An import that stores nothing: one record without name, time and id, under `strict=1`. Once Mixpanel has
 * accepted the credentials, it answers 400 and lists the record in `failed_records`. Source: Mixpanel,
 * "Import Events" (with `strict=1` invalid records are refused; 401 for invalid credentials).
 */
const impossibleEvent = '[{"event":"","properties":{}}]';

/** Checks `/import` and its credentials and, if they are rejected, the other regions. Stores nothing. */
export async function checkImport(
  mixpanel: MixpanelConfig,
  ask: Ask,
  regions: Regions,
): Promise<CheckResult> {
  const about = 'Mixpanel import';
  const answer = await ask(importProbe(mixpanel, mixpanel.apiUrl));
  const verdict = importVerdict(answer);
  const { kind } = mixpanel.importCredentials;
  if (verdict === 'accepted') return ok(about, `${mixpanel.apiUrl} accepts the ${kind}.`);
  if (verdict === 'refused') {
    const region = await regionThat(mixpanel, regions, 'ingestion', async origin => {
      return importVerdict(await ask(importProbe(mixpanel, origin))) === 'accepted';
    });
    return region === undefined
      ? failure(
          about,
          `${mixpanel.apiUrl} rejects the ${kind} (${shown(answer)}).`,
          'Compare the credentials and MIXPANEL_PROJECT_ID with the project settings in Mixpanel; a service account must be a member of the project, and must not have expired.',
        )
      : wrongRegion(about, region);
  }
  if (verdict === 'stored')
    return warning(about, `${mixpanel.apiUrl} accepted an invalid event (${shown(answer)}).`, tellUs);
  if (asksForPayment(answer))
    return failure(about, `${mixpanel.apiUrl} requires payment (${shown(answer)}).`, payment);
  if (answer.kind === 'answered' && answer.status === 429)
    return warning(about, `The project is over its rate limit (${shown(answer)}).`, 'Try again in a minute.');
  return failure(
    about,
    `${mixpanel.apiUrl} does not respond like Mixpanel (${shown(answer)}).`,
    adviceFor(answer, 'Check MIXPANEL_REGION, MIXPANEL_API_URL, and the firewall, proxy and DNS on the way.'),
  );
}

/** Checks the query API, and lists the cohorts. */
export async function checkQuery(
  mixpanel: MixpanelConfig,
  ask: Ask,
  regions: Regions,
): Promise<{ finding: CheckResult; cohorts: readonly ListedCohort[] | undefined }> {
  const about = 'Mixpanel query API';
  const { queryCredentials } = mixpanel;
  if (queryCredentials === undefined) {
    const message = 'A project token has no read access: no cohorts by query, no compare.';
    return { finding: skipped(about, message), cohorts: undefined };
  }
  const answer = await ask(listRequest(mixpanel, mixpanel.queryUrl));
  if (asksForPayment(answer)) {
    const advice = 'Upgrade the plan in Mixpanel, or let Mixpanel push its cohorts to the webhook.';
    return { finding: failure(about, notInPlan(answer), advice), cohorts: undefined };
  }
  const list = cohortsOf(answer);
  if (list !== undefined)
    return { finding: ok(about, `Readable; cohorts of the project: ${list.length}.`), cohorts: list };
  const refused = answer.kind === 'answered' && answer.status >= 400 && answer.status < 500;
  const region =
    refused && answer.status !== 429
      ? await regionThat(mixpanel, regions, 'query', async origin => {
          return cohortsOf(await ask(listRequest(mixpanel, origin))) !== undefined;
        })
      : undefined;
  const finding =
    region !== undefined
      ? wrongRegion(about, region)
      : answer.kind === 'answered' && answer.status === 429
        ? warning(about, `The hourly query budget is used up (${shown(answer)}).`, 'Try again in an hour.')
        : failure(
            about,
            `${mixpanel.queryUrl} cannot be read (${shown(answer)}).`,
            rejectsCredentials(answer)
              ? checkAccount
              : adviceFor(
                  answer,
                  'Check MIXPANEL_REGION, MIXPANEL_QUERY_URL, MIXPANEL_PROJECT_ID, and the firewall, proxy and DNS on the way.',
                ),
          );
  return { finding, cohorts: undefined };
}

/** Checks the raw export, which `compare` requires, with an event name that does not exist. */
export async function checkExport(mixpanel: MixpanelConfig, ask: Ask, now: number): Promise<CheckResult> {
  const about = 'Mixpanel raw export';
  const { queryCredentials, exportUrl, projectId } = mixpanel;
  if (queryCredentials === undefined)
    return skipped(about, 'A project token has no read access: no compare.');
  const url = new URL('/api/2.0/export', exportUrl);
  const day = projectTimeZone(mixpanel.timeZone).dayOf(now);
  url.searchParams.set('from_date', day);
  url.searchParams.set('to_date', day);
  url.searchParams.set('event', '["no event has this name"]');
  url.searchParams.set('limit', '1');
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  const answer = await ask({
    url,
    method: 'GET',
    headers: { authorization: basicAuthorization(queryCredentials) },
  });
  if (isExport(answer)) return ok(about, 'Readable.');
  if (asksForPayment(answer))
    return warning(about, notInPlan(answer), 'Only compare requires it. Upgrade the plan in Mixpanel.');
  const advice = rejectsCredentials(answer)
    ? checkAccount
    : countsAsTomorrow(answer)
      ? projectZoneAdvice(mixpanel.timeZone)
      : adviceFor(answer, 'Check MIXPANEL_EXPORT_URL and MIXPANEL_REGION.');
  return warning(
    about,
    `${exportUrl} cannot be read (${shown(answer)}).`,
    `Only compare requires it. ${advice}`,
  );
}

/** Whether an answer is a raw export: nothing, or lines of JSON. */
const isExport = (answer: Answer): boolean =>
  answer.kind === 'answered' && answer.status === 200 && /^\s*(?:\{|$)/.test(answer.body);
const asksForPayment = (answer: Answer): boolean => answer.kind === 'answered' && answer.status === 402;
const notInPlan = (answer: Answer): string =>
  `The plan of the project includes no API calls (${shown(answer)}).`;
const rejectsCredentials = (answer: Answer): boolean =>
  answer.kind === 'answered' && refusesCredentials(answer.status, answer.body);
const countsAsTomorrow = (answer: Answer): boolean =>
  answer.kind === 'answered' && refusesDayAsFuture(answer.status, answer.body);
const checkAccount =
  'Check the credentials and MIXPANEL_PROJECT_ID, and in Mixpanel that the service account has not expired and has the role Consumer or higher in this project.';
const payment = 'Check Organization Settings, Plan Details & Billing, in Mixpanel.';
const tellUs = 'Please report this: the check must not store events.';

function importProbe(mixpanel: MixpanelConfig, origin: string) {
  const url = new URL('/import?strict=1&ip=0', origin);
  if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
  const headers = {
    authorization: basicAuthorization(mixpanel.importCredentials),
    'content-type': 'application/json',
  };
  return { url, headers, body: impossibleEvent };
}

function importVerdict(answer: Answer): 'accepted' | 'stored' | 'refused' | 'odd' {
  if (answer.kind === 'lost') return 'odd';
  const { status } = answer;
  if (rejectsCredentials(answer)) return 'refused';
  if (status === 400) {
    const refusal = refusedAnswerSchema.safeParse(parsed(answer));
    return refusal.success && (refusal.data.failed_records ?? []).length > 0 ? 'accepted' : 'odd';
  }
  const imported = importedAnswerSchema.safeParse(parsed(answer));
  if (status !== 200 || !imported.success) return 'odd';
  return imported.data.num_records_imported === 0 ? 'accepted' : 'stored';
}

function listRequest({ queryCredentials, projectId }: MixpanelConfig, origin: string) {
  const url = new URL('/api/query/cohorts/list', origin);
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  const authorization = queryCredentials === undefined ? '' : basicAuthorization(queryCredentials);
  return { url, headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' }, body: '' };
}

function cohortsOf(answer: Answer): ListedCohort[] | undefined {
  if (answer.kind === 'lost' || answer.status !== 200) return undefined;
  return cohortListSchema.safeParse(parsed(answer)).data;
}

/**
 * The other region in which a request works. Only if the host is the default of the region: other hosts never
 * get credentials.
 */
async function regionThat(
  mixpanel: MixpanelConfig,
  regions: Regions,
  host: 'ingestion' | 'query',
  works: (origin: string) => Promise<boolean>,
): Promise<MixpanelRegion | undefined> {
  const configured = host === 'ingestion' ? mixpanel.apiUrl : mixpanel.queryUrl;
  if (regions[mixpanel.region][host] !== configured) return undefined;
  for (const [region, hosts] of Object.entries(regions) as [MixpanelRegion, MixpanelHosts][])
    if (region !== mixpanel.region && (await works(hosts[host]))) return region;
  return undefined;
}

const wrongRegion = (about: string, region: MixpanelRegion): CheckResult =>
  failure(
    about,
    `The project is in the region ${region}, not in the configured one.`,
    `Set MIXPANEL_REGION=${region}.`,
  );
