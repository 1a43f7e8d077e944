import { brazeAnswer, cohortPartner } from '@braze-mixpanel/core/braze';
import type { ConnectionConfig } from '../config/config.ts';
import { type Answer, type Ask, shown } from './ask.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

type Braze = ConnectionConfig['braze'];

/**
 * The keys of Braze, by requests that change nothing.
 *
 * - REST key: `/users/track` without any object. Braze looks at the key first, 401 or 403, and answers 400 for the missing data. The
 *   same at `/users/export/ids`, without which accepted members cannot be read back.
 * - Partner import: `/cohorts/users` without a cohort id. Keys that are not in order are 401, the missing id is 400.
 *
 * A 400 counts only in Braze's own form: gateways answer 400 as well.
 *
 * Sources: Braze, "/users/track" and "Partner cohort import" (errors).
 */
export async function checkBraze(braze: Braze, ask: Ask): Promise<Finding[]> {
  if (braze.restUrl === undefined)
    return [skipped('Braze', 'BRAZE_REST_URL is not set: events need no key of Braze, cohorts do.')];
  const rest = await checkRestKey(braze, braze.restUrl, ask);
  return [
    rest,
    ...(rest.result === 'ok' ? [await checkReadBack(braze, braze.restUrl, ask)] : []),
    await checkPartnerKeys(braze, braze.restUrl, ask),
  ];
}

async function checkRestKey({ restApiKey }: Braze, restUrl: string, ask: Ask): Promise<Finding> {
  const about = 'Braze REST key';
  if (restApiKey === undefined) return skipped(about, 'BRAZE_REST_API_KEY is not set.');
  const answer = await ask(withoutObjects('/users/track', restUrl, restApiKey));
  const status = answer.kind === 'answered' ? answer.status : 0;
  if (isBadRequest(answer)) return ok(about, `${restUrl} accepts the key for users.track.`);
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

async function checkReadBack({ restApiKey }: Braze, restUrl: string, ask: Ask): Promise<Finding> {
  const about = 'Braze read-back';
  const answer = await ask(withoutObjects('/users/export/ids', restUrl, restApiKey));
  return isBadRequest(answer)
    ? ok(about, `${restUrl} accepts the key for users.export.ids.`)
    : warning(
        about,
        `Members of cohorts cannot be read back: what Braze accepted stays unconfirmed (${shown(answer)}).`,
        'Give the key the permission users.export.ids in Braze, under Settings → APIs and Identifiers.',
      );
}

function withoutObjects(path: string, restUrl: string, key: Braze['restApiKey']) {
  const headers = { authorization: `Bearer ${key?.reveal()}`, 'content-type': 'application/json' };
  return { url: new URL(path, restUrl), headers, body: '{}' };
}

function isBadRequest(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status === 400 && brazeAnswer(answer.body) !== undefined;
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
  if (isBadRequest(answer)) return ok(about, `${restUrl} accepts both keys of the partner import.`);
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
