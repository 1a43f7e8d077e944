import { z } from 'zod';
import type { ConnectionConfig } from '../config/config.ts';
import { isBusy, statusOf } from './analytics-key.ts';
import { type Ask, adviceFor, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

const about = 'Mixpanel deletions';
/** The ID of no task. */
const noTask = '00000000-0000-4000-8000-000000000000';
const lookedSchema = z.object({ status: z.literal('ok') });

/**
 * Checks MIXPANEL_OAUTH_TOKEN: looks for a deletion that does not exist, and requests none. Source: Mixpanel
 * documentation, "GDPR API", 2026: the status of an unknown task is NOT_FOUND; an OAuth token ends after a year.
 */
export async function checkDeletions(
  { mixpanel: { deletions, queryUrl } }: Pick<ConnectionConfig, 'mixpanel'>,
  ask: Ask,
): Promise<CheckResult> {
  if (deletions === undefined)
    return skipped(
      about,
      'MIXPANEL_OAUTH_TOKEN and MIXPANEL_TOKEN are not both set, so forget --vendors cannot ask Mixpanel for deletions.',
    );
  const url = new URL(`/api/app/data-deletions/v3.0/${noTask}/`, queryUrl);
  url.searchParams.set('token', deletions.projectToken.reveal());
  const headers = { authorization: `Bearer ${deletions.oauthToken.reveal()}` };
  const answer = await ask({ url, method: 'GET', headers });
  const status = statusOf(answer);
  if (status === 200 && lookedSchema.safeParse(parsed(answer)).success)
    return ok(about, `${queryUrl} accepts MIXPANEL_OAUTH_TOKEN for deletions of users.`);
  if (status === 401)
    return failure(
      about,
      `${queryUrl} rejects MIXPANEL_OAUTH_TOKEN (${shown(answer)}).`,
      'It ends after a year: make another one in Mixpanel under Settings, Data & Privacy, and set MIXPANEL_OAUTH_TOKEN.',
    );
  if (status === 403)
    return failure(
      about,
      `Mixpanel denies access to deletions (${shown(answer)}).`,
      'MIXPANEL_OAUTH_TOKEN must be of an owner or admin of the project of MIXPANEL_TOKEN: make one in Mixpanel under Settings, Data & Privacy.',
    );
  if (isBusy(answer))
    return warning(
      about,
      `Not known: Mixpanel is unavailable or rate-limiting (${shown(answer)}).`,
      'Try again later.',
    );
  return failure(
    about,
    `${queryUrl} does not respond like Mixpanel's GDPR API (${shown(answer)}).`,
    adviceFor(answer, 'Check MIXPANEL_REGION and MIXPANEL_QUERY_URL.'),
  );
}
