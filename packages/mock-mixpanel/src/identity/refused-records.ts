import type { FailedRecord } from '@braze-mixpanel/core/mixpanel';
import { isIdentityEvent } from './identity-events.ts';

const message = 'identity events are not allowed when project is using simplified identity management';

/** One record for each identity event of a request to `/import`, which simplified identity refuses. */
export function refusedRecords(rows: readonly unknown[]): FailedRecord[] {
  return rows.flatMap((row, index) => {
    const { event, properties } = (row ?? {}) as Partial<Record<'event' | 'properties', unknown>>;
    if (!isIdentityEvent(event)) return [];
    const { $insert_id } = (properties ?? {}) as { $insert_id?: unknown };
    const insert_id = typeof $insert_id === 'string' ? $insert_id : '';
    return [{ index, insert_id, field: 'event', message }];
  });
}
