import { brazeAnswer } from '@braze-mixpanel/core/braze';
import { lookupTableListSchema } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../config/config.ts';
import { lookupTableRequest } from '../lookup-tables/replace-table.ts';
import { tableIds, tables } from '../lookup-tables/tables.ts';
import { type Answer, type Ask, adviceFor, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

const about = 'Lookup tables';

/**
 * Checks that Mixpanel has the lookup tables, and that the REST key can read campaigns and Canvases. Details are
 * requested without an ID, which Braze answers with 400 once it has accepted the key.
 */
export async function checkLookupTables(
  { lookupTables, mixpanel, braze }: Pick<ConnectionConfig, 'lookupTables' | 'mixpanel' | 'braze'>,
  ask: Ask,
): Promise<CheckResult[]> {
  const ids = tableIds(lookupTables);
  if (ids.size === 0) return [skipped(about, 'LOOKUP_TABLE_CAMPAIGNS and the other three IDs are not set.')];
  return [await checkTables(ids, mixpanel, ask), await checkKey(braze, ask)];
}

async function checkTables(
  ids: ReturnType<typeof tableIds>,
  mixpanel: ConnectionConfig['mixpanel'],
  ask: Ask,
): Promise<CheckResult> {
  const answer = await ask({ ...lookupTableRequest(mixpanel), method: 'GET' });
  const listed = statusOf(answer) === 200 ? lookupTableListSchema.safeParse(parsed(answer)).data : undefined;
  if (listed === undefined)
    return isBusy(answer)
      ? warning(about, `Mixpanel is unavailable or rate-limiting (${shown(answer)}).`, 'Try again later.')
      : failure(
          about,
          `The lookup tables of the project cannot be listed (${shown(answer)}).`,
          adviceFor(
            answer,
            'Check MIXPANEL_API_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID, and in Mixpanel the role and expiry of the service account.',
          ),
        );
  const known = new Set(listed.results.map(({ id }) => id.toLowerCase()));
  const missing = [...ids].filter(([, id]) => !known.has(id)).map(([table]) => tables[table].setting);
  return missing.length === 0
    ? ok(about, `The project has them: ${ids.size} of ${ids.size}.`)
    : failure(
        about,
        `The project ${mixpanel.projectId} has no table with the ID of ${missing.join(', ')}.`,
        'Create the table in Mixpanel, under Data Management → Lexicon → Lookup Tables, and set its ID.',
      );
}

async function checkKey(
  { restUrl, analyticsKey }: ConnectionConfig['braze'],
  ask: Ask,
): Promise<CheckResult> {
  const name = 'Braze analytics key';
  const missing: string[] = [];
  for (const path of ['/campaigns/list', '/campaigns/details', '/canvas/list', '/canvas/details']) {
    const answer = await ask({
      ...{ url: new URL(path, restUrl), method: 'GET' },
      headers: { authorization: `Bearer ${analyticsKey?.reveal()}` },
    });
    const status = statusOf(answer);
    if (status === 401)
      return failure(
        name,
        `${restUrl} rejects the key (${shown(answer)}).`,
        'Check BRAZE_ANALYTICS_KEY, and that BRAZE_REST_URL is the instance of your dashboard.',
      );
    if (isBusy(answer))
      return warning(name, `Braze is unavailable or rate-limiting (${shown(answer)}).`, 'Try again later.');
    const isBraze = answer.kind === 'answered' && brazeAnswer(answer.body) !== undefined;
    if (status === 403) missing.push(path.slice(1).replace('/', '.'));
    else if (!isBraze || (status !== 200 && status !== 400))
      return failure(
        name,
        `${restUrl} does not respond like Braze (${shown(answer)}).`,
        adviceFor(answer, 'Check BRAZE_REST_URL: it must be the REST endpoint of your instance.'),
      );
  }
  return missing.length === 0
    ? ok(name, `${restUrl} accepts the key for campaigns and Canvases.`)
    : failure(
        name,
        `The key lacks the permission ${missing.join(', ')}.`,
        'Add it in Braze, under Settings → APIs and Identifiers.',
      );
}

const statusOf = (answer: Answer): number => (answer.kind === 'answered' ? answer.status : 0);
const isBusy = (answer: Answer): boolean => statusOf(answer) === 429 || statusOf(answer) >= 500;
