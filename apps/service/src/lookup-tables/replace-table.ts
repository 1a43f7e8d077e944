import { lookupTableLimits } from '@braze-mixpanel/core/mixpanel';
import type { MixpanelConfig } from '../config/config.ts';
import { answerText } from '../vendor-http/answer-text.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { exchange, type VendorOptions } from '../vendor-http/exchange.ts';

export interface ReplaceTableOptions {
  readonly mixpanel: MixpanelConfig;
  readonly vendor: VendorOptions;
  readonly withoutSecrets: (text: string) => string;
  readonly stop: AbortSignal;
}

/** Request to a lookup table, or to the list of tables. */
export function lookupTableRequest({ apiUrl, projectId, queryCredentials }: MixpanelConfig, id?: string) {
  const url = new URL(id === undefined ? '/lookup-tables' : `/lookup-tables/${id}`, apiUrl);
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  const authorization = queryCredentials === undefined ? '' : basicAuthorization(queryCredentials);
  return { url, headers: { authorization } };
}

/**
 * Replaces the content of a lookup table as a whole. Resolves to `undefined`, or to the reason why Mixpanel did not
 * confirm it, as a sentence. Nothing is retried.
 *
 * Source: Mixpanel documentation, "Replace a Lookup Table", 2026.
 */
export async function replaceTable(
  id: string,
  csv: string,
  { mixpanel, vendor, withoutSecrets, stop }: ReplaceTableOptions,
): Promise<string | undefined> {
  const { url, headers } = lookupTableRequest(mixpanel, id);
  const came = await exchange(
    { url, method: 'PUT', headers: { ...headers, 'content-type': 'text/csv' }, body: csv },
    vendor,
    stop,
  );
  if (came.kind === 'lost')
    return `Mixpanel did not answer, so the table was replaced or not: ${withoutSecrets(came.why)}.`;
  const answer = answerText(came, withoutSecrets, 200);
  switch (came.status) {
    case 200:
      return undefined;
    case 401:
    case 403:
      return `Mixpanel rejected the service account (${answer}). Check in Mixpanel that it has not expired and may edit data of the project ${mixpanel.projectId}.`;
    case 404:
      return `Mixpanel has no lookup table ${id} in the project ${mixpanel.projectId}. Create it there, and set its ID.`;
    case 413:
      return `Mixpanel accepts ${lookupTableLimits.bytes.toLocaleString('en-US')} bytes in a table, and this one has more.`;
    case 429:
      return `Mixpanel's limit of ${lookupTableLimits.replacementsPerDay} replacements a day is used up.`;
    default:
      return `Mixpanel returned ${answer}.`;
  }
}
