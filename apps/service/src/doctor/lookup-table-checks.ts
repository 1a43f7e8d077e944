import { lookupTableListSchema } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../config/config.ts';
import { lookupTableRequest } from '../lookup-tables/replace-table.ts';
import { tableIds, tables } from '../lookup-tables/tables.ts';
import { checkAnalyticsKey, isBusy, statusOf } from './analytics-key.ts';
import { type Ask, adviceFor, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

const about = 'Lookup tables';

/**
 * Checks that Mixpanel has the lookup tables, and that BRAZE_ANALYTICS_KEY can read campaigns and Canvases.
 */
export async function checkLookupTables(
  { lookupTables, mixpanel, braze }: Pick<ConnectionConfig, 'lookupTables' | 'mixpanel' | 'braze'>,
  ask: Ask,
): Promise<CheckResult[]> {
  const ids = tableIds(lookupTables);
  if (ids.size === 0) return [skipped(about, 'LOOKUP_TABLE_CAMPAIGNS and the other three IDs are not set.')];
  return [
    await checkTables(ids, mixpanel, ask),
    await checkAnalyticsKey(
      braze,
      {
        about: 'Braze analytics key',
        paths: ['/campaigns/list', '/campaigns/details', '/canvas/list', '/canvas/details'],
        purpose: 'campaigns and Canvases',
      },
      ask,
    ),
  ];
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
