import { cohortPartner } from '@braze-mixpanel/core/braze';
import type { ConnectionConfig } from '../config.ts';
import { type Ask, shown } from './ask.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

type Braze = ConnectionConfig['braze'];

/**
 * The keys of Braze, by requests that change nothing.
 *
 * - REST key: `/users/track` without any object. Braze looks at the key first, 401 or 403, and answers 400 for the missing data.
 * - Partner import: `/cohorts/users` without a cohort id. Keys that are not in order are 401, the missing id is 400.
 *
 * Sources: Braze, "/users/track" and "Partner cohort import" (errors).
 */
export async function checkBraze(braze: Braze, ask: Ask): Promise<Finding[]> {
  if (braze.restUrl === undefined)
    return [skipped('Braze', 'BRAZE_REST_URL is not set: events need no key of Braze, cohorts do.')];
  return [await checkRestKey(braze, braze.restUrl, ask), await checkPartnerKeys(braze, braze.restUrl, ask)];
}

async function checkRestKey({ restApiKey }: Braze, restUrl: string, ask: Ask): Promise<Finding> {
  const about = 'Braze REST key';
  if (restApiKey === undefined) return skipped(about, 'BRAZE_REST_API_KEY is not set.');
  const answer = await ask({
    url: new URL('/users/track', restUrl),
    headers: { authorization: `Bearer ${restApiKey.reveal()}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const status = answer.kind === 'answered' ? answer.status : 0;
  if (status === 400) return ok(about, `${restUrl} accepts the key for users.track.`);
  if (status === 403)
    return failure(
      about,
      `The key lacks the permission users.track (${shown(answer)}).`,
      'Give it the permission in Braze, under Settings → APIs and Identifiers.',
    );
  if (status === 401)
    return failure(
      about,
      `${restUrl} does not know the key (${shown(answer)}).`,
      'Compare BRAZE_REST_API_KEY, and BRAZE_REST_URL with the instance of your dashboard: a key holds on its own instance alone.',
    );
  return undecided(about, restUrl, shown(answer), status);
}

async function checkPartnerKeys(braze: Braze, restUrl: string, ask: Ask): Promise<Finding> {
  const about = 'Braze data import key';
  const { partnerApiKey, dataImportKey } = braze;
  if (partnerApiKey === undefined || dataImportKey === undefined)
    return skipped(
      about,
      'BRAZE_PARTNER_API_KEY and BRAZE_DATA_IMPORT_KEY are not both set: cohorts go through the REST key.',
    );
  const answer = await ask({
    url: new URL(`/partners/${cohortPartner}/cohorts/users`, restUrl),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      partner_api_key: partnerApiKey.reveal(),
      client_secret: dataImportKey.reveal(),
      cohort_id: '',
      cohort_changes: [],
    }),
  });
  const status = answer.kind === 'answered' ? answer.status : 0;
  if (status === 400) return ok(about, `${restUrl} accepts both keys of the partner import.`);
  if (status === 401)
    return failure(
      about,
      `The keys of the partner import are refused (${shown(answer)}).`,
      'Compare BRAZE_DATA_IMPORT_KEY with Partner Integrations → Technology Partners → Mixpanel, where it is also renewed, and the partner key with the one Braze gave you.',
    );
  return undecided(about, restUrl, shown(answer), status);
}

function undecided(about: string, restUrl: string, came: string, status: number): Finding {
  if (status === 429 || status >= 500 || status === 423)
    return warning(about, `Braze cannot tell now (${came}).`, 'Try again later.');
  return failure(
    about,
    `${restUrl} does not answer as Braze does (${came}).`,
    'Check BRAZE_REST_URL: it is the REST endpoint of your instance, not the address of the dashboard.',
  );
}
