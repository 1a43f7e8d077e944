import { Buffer } from 'node:buffer';
import { type MappingOptions, mapEvent } from '@braze-mixpanel/core/mapping';
import { importLimits } from '@braze-mixpanel/core/mixpanel';
import { withoutTrailingSlashes } from '@braze-mixpanel/simulator-kit';
import { type Connector, httpDelivery, type Verdict } from './connector.ts';

/**
 * The "Mixpanel Export" Current: Braze maps each event and sends it to Mixpanel's `/import`. It uses the same
 * mapping as a receiver of the Custom HTTP connector, so its output is the reference for that receiver. An
 * event with a time in the future is sent at once, and Mixpanel changes its time; Braze does not document
 * this case. The API secret authenticates. The project token is required by Braze's form, but not sent.
 */
export function mixpanelExportConnector(settings: {
  /** Origin of the ingestion API. */
  readonly apiUrl: string;
  readonly apiSecret: string;
  readonly mappingOptions: MappingOptions;
  readonly now: () => number;
}): Connector {
  const url = `${withoutTrailingSlashes(settings.apiUrl)}/import?strict=1&ip=0`;
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Basic ${Buffer.from(`${settings.apiSecret}:`).toString('base64')}`,
  };
  return {
    batchSize: importLimits.eventsPerRequest,
    encode(event) {
      const result = mapEvent(event, settings.mappingOptions, settings.now());
      if (result.outcome === 'mapped') return { kind: 'send', text: result.json };
      return { kind: result.outcome === 'skipped' ? 'skipped' : 'dropped', reason: result.reason };
    },
    deliver: httpDelivery(items => ({ url, headers, body: `[${items.join(',')}]` }), mixpanelVerdict),
  };
}

/**
 * On a 400, Mixpanel stores the valid rows and lists the others, so the batch is never sent again (Mixpanel,
 * Import Events, 2026).
 */
function mixpanelVerdict(status: number, body: string): Verdict {
  if (status === 200) return { kind: 'taken', dropped: 0 };
  if (status === 400) return { kind: 'taken', dropped: failedRecords(body) };
  if (status === 413) return { kind: 'split' };
  if (status === 401 || status === 403 || status === 404) return { kind: 'refused' };
  return { kind: 'transient' };
}

function failedRecords(body: string): number {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('failed_records' in answer)) return 0;
    return Array.isArray(answer.failed_records) ? answer.failed_records.length : 0;
  } catch {
    return 0;
  }
}
