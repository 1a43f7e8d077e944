import { brazeAnswer } from '@braze-mixpanel/core/braze';
import type { ConnectionConfig } from '../config/config.ts';
import { type Answer, type Ask, adviceFor, shown } from './ask.ts';
import { type CheckResult, failure, ok, warning } from './check-result.ts';

export interface AnalyticsKeyCheck {
  readonly about: string;
  /** Paths of Braze's export API; the permission of a path is its name with a dot. */
  readonly paths: readonly `/${string}`[];
  /** What the key is good for if all is well. */
  readonly purpose: string;
  /** Those of the paths without which only a part of the counts is not known. */
  readonly optional?: readonly string[];
}

/**
 * Checks that BRAZE_ANALYTICS_KEY has the permission of each path. A path is requested without parameters: Braze
 * checks the key first (401 or 403), and then answers 400 where one is missing. Source: Braze documentation, export
 * endpoints, 2026.
 */
export async function checkAnalyticsKey(
  { restUrl, analyticsKey }: ConnectionConfig['braze'],
  { about, paths, purpose, optional = [] }: AnalyticsKeyCheck,
  ask: Ask,
): Promise<CheckResult> {
  const missing: string[] = [];
  for (const path of paths) {
    const answer = await ask({
      ...{ url: new URL(path, restUrl), method: 'GET' },
      headers: { authorization: `Bearer ${analyticsKey?.reveal()}` },
    });
    const status = statusOf(answer);
    if (status === 401)
      return failure(
        about,
        `${restUrl} rejects BRAZE_ANALYTICS_KEY (${shown(answer)}).`,
        'Check that BRAZE_REST_URL is the instance of your dashboard, or make a new key in Braze, under Settings → APIs and Identifiers, and set BRAZE_ANALYTICS_KEY.',
      );
    if (isBusy(answer))
      return warning(
        about,
        `Not known: Braze is unavailable or rate-limiting (${shown(answer)}).`,
        'Try again later.',
      );
    const isBraze = answer.kind === 'answered' && brazeAnswer(answer.body) !== undefined;
    if (status === 403) missing.push(path);
    else if (!isBraze || (status !== 200 && status !== 400))
      return failure(
        about,
        `${restUrl} does not respond like Braze (${shown(answer)}).`,
        adviceFor(answer, 'Check BRAZE_REST_URL: it must be the REST endpoint of your instance.'),
      );
  }
  if (missing.length === 0) return ok(about, `${restUrl} accepts BRAZE_ANALYTICS_KEY for ${purpose}.`);
  const lacks = missing.every(path => optional.includes(path)) ? warning : failure;
  return lacks(
    about,
    `BRAZE_ANALYTICS_KEY lacks the ${missing.length === 1 ? 'permission' : 'permissions'} ${missing.map(path => path.slice(1).replace('/', '.')).join(', ')}.`,
    `Add ${missing.length === 1 ? 'it' : 'them'} in Braze, under Settings → APIs and Identifiers.`,
  );
}

export const statusOf = (answer: Answer): number => (answer.kind === 'answered' ? answer.status : 0);

/** An answer that a later attempt may not get. */
export const isBusy = (answer: Answer): boolean => statusOf(answer) === 429 || statusOf(answer) >= 500;
