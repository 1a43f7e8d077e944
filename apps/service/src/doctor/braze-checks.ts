import { brazeAnswer, cohortPartner } from '@braze-mixpanel/core/braze';
import type { ConnectionConfig } from '../config/config.ts';
import { type Answer, type Ask, adviceFor, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

type Braze = ConnectionConfig['braze'];

/**
 * Checks of the Braze keys, with requests that change nothing.
 *
 * - REST key: `/users/track` without objects. Braze checks the key first (401 or 403), then answers 400 for
 *   the missing data. The same at `/users/export/ids`, which the read-back of members requires.
 * - Partner import: `/cohorts/users` without a cohort id. Invalid keys are 401, the missing id is 400.
 *
 * A 400 counts only with a body in the format of Braze: gateways answer 400 as well.
 *
 * Sources: Braze, "/users/track" and "Partner cohort import" (errors).
 */
export async function checkBraze(braze: Braze, ask: Ask): Promise<CheckResult[]> {
  if (braze.restUrl === undefined)
    return [
      skipped(
        'Braze',
        'BRAZE_REST_URL is not set. Only cohort syncs, lookup tables and reconcile require it.',
      ),
    ];
  const rest = await checkRestKey(braze, braze.restUrl, ask);
  return [
    rest,
    ...(rest.result === 'ok' ? [await checkReadBack(braze, braze.restUrl, ask)] : []),
    await checkPartnerKeys(braze, braze.restUrl, ask),
  ];
}

async function checkRestKey({ restApiKey }: Braze, restUrl: string, ask: Ask): Promise<CheckResult> {
  const about = 'Braze REST key';
  if (restApiKey === undefined) return skipped(about, 'BRAZE_REST_API_KEY is not set.');
  const answer = await ask(withoutObjects('/users/track', restUrl, restApiKey));
  const status = answer.kind === 'answered' ? answer.status : 0;
  if (isBadRequest(answer)) return ok(about, `${restUrl} accepts the key for users.track.`);
  if (status === 403)
    return failure(
      about,
      `The key lacks the permission users.track (${shown(answer)}).`,
      'Add the permission in Braze, under Settings → APIs and Identifiers.',
    );
  if (status === 401)
    return failure(
      about,
      `${restUrl} rejects the key (${shown(answer)}).`,
      'Check BRAZE_REST_API_KEY, and that BRAZE_REST_URL is the instance of your dashboard: a key is valid on its own instance only.',
    );
  return undecided(about, restUrl, answer);
}

async function checkReadBack({ restApiKey }: Braze, restUrl: string, ask: Ask): Promise<CheckResult> {
  const about = 'Braze read-back';
  const answer = await ask(withoutObjects('/users/export/ids', restUrl, restApiKey));
  return isBadRequest(answer)
    ? ok(about, `${restUrl} accepts the key for users.export.ids.`)
    : warning(
        about,
        `Cohort members cannot be read back, so accepted members stay unconfirmed (${shown(answer)}).`,
        'Add the permission users.export.ids to the key in Braze, under Settings → APIs and Identifiers.',
      );
}

function withoutObjects(path: string, restUrl: string, key: Braze['restApiKey']) {
  const headers = { authorization: `Bearer ${key?.reveal()}`, 'content-type': 'application/json' };
  return { url: new URL(path, restUrl), headers, body: '{}' };
}

function isBadRequest(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status === 400 && brazeAnswer(answer.body) !== undefined;
}

async function checkPartnerKeys(braze: Braze, restUrl: string, ask: Ask): Promise<CheckResult> {
  const about = 'Braze data import key';
  const { partnerApiKey, dataImportKey } = braze;
  if (partnerApiKey === undefined || dataImportKey === undefined)
    return skipped(
      about,
      'BRAZE_PARTNER_API_KEY and BRAZE_DATA_IMPORT_KEY are not both set, so cohorts use the REST key.',
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
      `Braze rejects the keys of the partner import (${shown(answer)}).`,
      'Compare BRAZE_DATA_IMPORT_KEY with Partner Integrations → Technology Partners → Mixpanel, where you can also renew it, and the partner key with the one from Braze.',
    );
  return undecided(about, restUrl, answer);
}

function undecided(about: string, restUrl: string, answer: Answer): CheckResult {
  const status = answer.kind === 'answered' ? answer.status : 0;
  if (status === 429 || status >= 500 || status === 423)
    return warning(about, `Braze is unavailable or rate-limiting (${shown(answer)}).`, 'Try again later.');
  return failure(
    about,
    `${restUrl} does not respond like Braze (${shown(answer)}).`,
    adviceFor(
      answer,
      'Check BRAZE_REST_URL: it must be the REST endpoint of your instance, not the address of the dashboard.',
    ),
  );
}
