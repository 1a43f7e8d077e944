import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';

/** The errors with which Mixpanel's `/import` would reject an event. */
export function example() {
  const properties = { time: 1_700_000_000, distinct_id: 'anonymous', $insert_id: 'e-1' };
  return checkImportEvent({ event: 'Email Open', properties });
}
