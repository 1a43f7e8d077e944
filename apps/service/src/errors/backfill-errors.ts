import type { ErrorEntry } from './error-entry.ts';

/** Errors of the routes of back-fills. */
export const backfillErrors = {
  backfill_unknown: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message: 'Unknown back-fill. GET /api/backfills lists the existing ones.',
  },
  backfill_unknown_event: {
    stage: 'admin',
    class: 'request',
    status: 400,
    retry: false,
    message:
      'The events cannot be selected. Use the event type of Braze or the name in Mixpanel, for example Email Send.',
  },
  backfill_mapping_unknown: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message:
      'Events of that time may have been delivered under other mapping options, which are not known: another name would be another event in Mixpanel.',
  },
  backfill_source_refused: {
    stage: 'admin',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The files cannot be listed, so no back-fill was started.',
  },
  backfill_wrong_state: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message: 'The back-fill was not changed.',
  },
  backfill_not_stored: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message: 'The change could not be written to storage. Try again; /readyz shows the reason.',
  },
} as const satisfies Record<string, ErrorEntry>;
