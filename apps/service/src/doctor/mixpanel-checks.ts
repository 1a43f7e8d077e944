import {
  cohortListSchema,
  importedAnswerSchema,
  type ListedCohort,
  type MixpanelHosts,
  type MixpanelRegion,
  refusedAnswerSchema,
} from '@braze-mixpanel/core/mixpanel';
import type { MixpanelConfig } from '../config/config.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Answer, type Ask, parsed, shown } from './ask.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

export type Regions = Readonly<Record<MixpanelRegion, MixpanelHosts>>;

/**
 * An import that stores nothing: one record that has neither a name, a time nor an id, under `strict=1`. Mixpanel answers it with 400 and
 * names it in `failed_records`, once it has accepted the credentials.
 * Source: Mixpanel, "Import Events" (with `strict=1` invalid records are refused; 401 for invalid credentials).
 */
const impossibleEvent = '[{"event":"","properties":{}}]';

/** `/import` and the credentials for it, and where they are refused, whether another region takes them. Stores nothing. */
export async function checkImport(mixpanel: MixpanelConfig, ask: Ask, regions: Regions): Promise<Finding> {
  const about = 'Mixpanel import';
  const answer = await ask(importProbe(mixpanel, mixpanel.apiUrl));
  const verdict = importVerdict(answer);
  const { kind } = mixpanel.importCredentials;
  if (verdict === 'taken') return ok(about, `${mixpanel.apiUrl} accepts the ${kind}.`);
  if (verdict === 'refused') {
    const region = await regionThat(mixpanel, regions, 'ingestion', async origin => {
      return importVerdict(await ask(importProbe(mixpanel, origin))) === 'taken';
    });
    return region === undefined
      ? failure(
          about,
          `${mixpanel.apiUrl} refuses the ${kind} (${shown(answer)}).`,
          'Compare the credentials and MIXPANEL_PROJECT_ID with the project settings in Mixpanel; a service account must be a member of the project.',
        )
      : wrongRegion(about, region);
  }
  if (verdict === 'stored')
    return warning(
      about,
      `${mixpanel.apiUrl} took an event that it should refuse (${shown(answer)}).`,
      tellUs,
    );
  if (asksForPayment(answer))
    return failure(about, `${mixpanel.apiUrl} asks for payment (${shown(answer)}).`, payment);
  if (answer.kind === 'answered' && answer.status === 429)
    return warning(about, `The project is over its rate limit (${shown(answer)}).`, 'Try again in a minute.');
  return failure(
    about,
    `${mixpanel.apiUrl} does not answer as Mixpanel does (${shown(answer)}).`,
    'Check MIXPANEL_REGION, MIXPANEL_API_URL and what stands between: firewall, proxy, DNS.',
  );
}

/** The query API: whether it can be read, and which cohorts there are. */
export async function checkQuery(
  mixpanel: MixpanelConfig,
  ask: Ask,
  regions: Regions,
): Promise<{ finding: Finding; cohorts: readonly ListedCohort[] | undefined }> {
  const about = 'Mixpanel query API';
  const { queryCredentials } = mixpanel;
  if (queryCredentials === undefined) {
    const says = 'A project token can import and not read: no cohorts by query, no compare.';
    return { finding: skipped(about, says), cohorts: undefined };
  }
  const answer = await ask(listQuestion(mixpanel, mixpanel.queryUrl));
  if (asksForPayment(answer)) {
    const says = `The plan of the project includes no API calls (${shown(answer)}).`;
    const advice = 'Upgrade the plan in Mixpanel, or let Mixpanel push its cohorts to the webhook.';
    return { finding: failure(about, says, advice), cohorts: undefined };
  }
  const list = cohortsOf(answer);
  if (list !== undefined)
    return { finding: ok(about, `It can be read; the project has ${list.length} cohorts.`), cohorts: list };
  const refused = answer.kind === 'answered' && answer.status >= 400 && answer.status < 500;
  const region =
    refused && answer.status !== 429
      ? await regionThat(mixpanel, regions, 'query', async origin => {
          return cohortsOf(await ask(listQuestion(mixpanel, origin))) !== undefined;
        })
      : undefined;
  const finding =
    region !== undefined
      ? wrongRegion(about, region)
      : answer.kind === 'answered' && answer.status === 429
        ? warning(about, `Its budget is spent (${shown(answer)}).`, 'Try again in an hour.')
        : failure(
            about,
            `${mixpanel.queryUrl} cannot be read (${shown(answer)}).`,
            'Check MIXPANEL_PROJECT_ID, and in Mixpanel that the service account has the role Consumer or higher in this project.',
          );
  return { finding, cohorts: undefined };
}

/** The raw export, which `compare` needs; asks for an event that nobody has. */
export async function checkExport(mixpanel: MixpanelConfig, ask: Ask, now: number): Promise<Finding> {
  const about = 'Mixpanel raw export';
  const { queryCredentials, exportUrl, projectId } = mixpanel;
  if (queryCredentials === undefined) return skipped(about, 'A project token cannot read it: no compare.');
  const url = new URL('/api/2.0/export', exportUrl);
  const day = new Date(now).toISOString().slice(0, 10);
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
  if (answer.kind === 'answered' && answer.status === 200) return ok(about, 'It can be read.');
  return warning(
    about,
    `${exportUrl} cannot be read (${shown(answer)}).`,
    'Only compare needs it: check MIXPANEL_EXPORT_URL and the role of the service account.',
  );
}

const asksForPayment = (answer: Answer): boolean => answer.kind === 'answered' && answer.status === 402;
const payment = 'Look at Organization Settings, Plan Details & Billing, in Mixpanel.';
const tellUs = 'Report it: this check must store nothing.';

function importProbe(mixpanel: MixpanelConfig, origin: string) {
  const url = new URL('/import?strict=1&ip=0', origin);
  if (mixpanel.projectId !== undefined) url.searchParams.set('project_id', mixpanel.projectId);
  const headers = {
    authorization: basicAuthorization(mixpanel.importCredentials),
    'content-type': 'application/json',
  };
  return { url, headers, body: impossibleEvent };
}

function importVerdict(answer: Answer): 'taken' | 'stored' | 'refused' | 'odd' {
  if (answer.kind === 'lost') return 'odd';
  const { status } = answer;
  if (status === 401 || status === 403) return 'refused';
  if (status === 400) {
    const refusal = refusedAnswerSchema.safeParse(parsed(answer));
    return refusal.success && (refusal.data.failed_records ?? []).length > 0 ? 'taken' : 'odd';
  }
  const imported = importedAnswerSchema.safeParse(parsed(answer));
  if (status !== 200 || !imported.success) return 'odd';
  return imported.data.num_records_imported === 0 ? 'taken' : 'stored';
}

function listQuestion({ queryCredentials, projectId }: MixpanelConfig, origin: string) {
  const url = new URL('/api/query/cohorts/list', origin);
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  const authorization = queryCredentials === undefined ? '' : basicAuthorization(queryCredentials);
  return { url, headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' }, body: '' };
}

function cohortsOf(answer: Answer): ListedCohort[] | undefined {
  if (answer.kind === 'lost' || answer.status !== 200) return undefined;
  return cohortListSchema.safeParse(parsed(answer)).data;
}

/** The other region in which something works. Only where the region's own host is configured: credentials go to no other. */
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

const wrongRegion = (about: string, region: MixpanelRegion): Finding =>
  failure(
    about,
    `The project is in the region ${region}, and another one is configured.`,
    `Set MIXPANEL_REGION=${region}.`,
  );
