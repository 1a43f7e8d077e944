import type { ErrorEntry } from './error-entry.ts';

/** Errors of access to `/api/*`, of dead letters and of removals. */
export const adminErrors = {
  admin_token_missing: {
    stage: 'admin',
    class: 'set-up',
    status: 401,
    retry: false,
    message: 'Missing token. Send Authorization: Bearer <ADMIN_TOKEN>, or VIEWER_TOKEN to read.',
  },
  admin_token_refused: {
    stage: 'admin',
    class: 'set-up',
    status: 401,
    retry: false,
    message: 'Invalid token. Send Authorization: Bearer <ADMIN_TOKEN>, or VIEWER_TOKEN to read.',
  },
  admin_closed: {
    stage: 'admin',
    class: 'set-up',
    status: 403,
    retry: false,
    message:
      'The admin API is disabled because ADMIN_TOKEN is not set. Set it, reload (SIGHUP) or restart the service, and send it as bearer token.',
  },
  admin_reads_only: {
    stage: 'admin',
    class: 'set-up',
    status: 403,
    retry: false,
    message: 'VIEWER_TOKEN can only read. Send ADMIN_TOKEN to make changes.',
  },
  dead_letter_unknown: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message: 'Unknown dead letter; it may have been replayed. GET /api/dead-letters lists the existing ones.',
  },
  traffic_not_kept: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'This event is not kept: KEEP_TRAFFIC is not set, newer events took its place, a user was forgotten, or the service was restarted. POST /api/traffic/events lists the kept ones.',
  },
  replay_not_configured: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'The connection of these dead letters is not configured, so they could not be delivered. Configure it, then replay.',
  },
  replay_version_unknown: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'A back-filled event was mapped under a catalogue version that this release does not have, so its name is not known. Run the release that had it, or a newer one, then replay.',
  },
  replay_not_stored: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The replay could not be written to storage; dead letters that were not replayed are unchanged. Try again; /readyz shows the reason.',
  },
  fix_unfit: {
    stage: 'admin',
    class: 'request',
    status: 422,
    retry: false,
    message: 'The correction does not fit this event, so nothing was replayed.',
  },
  fix_insufficient: {
    stage: 'admin',
    class: 'request',
    status: 422,
    retry: false,
    message:
      'The corrected event is still not deliverable, so nothing was replayed. Correct the remaining problems too.',
  },
  purge_unconfirmed: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message: 'A purge deletes dead letters permanently and needs "confirm":true. Nothing was deleted.',
  },
  removal_not_stored: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The removal could not be written to storage; what was not removed is unchanged. Try again; /readyz shows the reason.',
  },
  lift_incomplete: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage failed before the lift was complete. Deletions that wait for Mixpanel may not be withdrawn. Try again; /readyz shows the reason.',
  },
  no_receipt: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is no receipt: the user was not forgotten, or by a version without receipts. GET /api/forget/receipts lists the existing ones.',
  },
  receipt_number_invalid: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message: 'The number of a receipt is 32 hex digits. GET /api/forget/receipts lists the existing ones.',
  },
  receipts_not_read: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage could not be read, so whether there is a receipt is not known. Try again; /readyz shows the reason.',
  },
  unknown_reconciliation: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'Unknown report: none has this ID, or it is older than the 60 that are kept. GET /api/reconcile lists them.',
  },
} as const satisfies Record<string, ErrorEntry>;
