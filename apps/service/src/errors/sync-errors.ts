import type { ErrorEntry } from './error-entry.ts';

/** Errors of the configuration, the control and the state of cohort syncs. */
export const syncErrors = {
  braze_not_configured: {
    stage: 'cohorts',
    class: 'set-up',
    status: 400,
    retry: false,
    message:
      'This connection lacks Braze settings that the sync needs. Set them, and reload (SIGHUP) or restart the service.',
  },
  query_not_configured: {
    stage: 'cohorts',
    class: 'set-up',
    status: 400,
    retry: false,
    message:
      'This connection has no credentials for the query API. Set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID, or let Mixpanel push the cohort to the webhook.',
  },
  track_needs_external_ids: {
    stage: 'cohorts',
    class: 'set-up',
    status: 400,
    retry: false,
    message:
      '/users/track does not support device IDs. Match by external ID or alias, or use the partner cohort import.',
  },
  sync_unknown: {
    stage: 'cohorts',
    class: 'request',
    status: 404,
    retry: false,
    message: 'No sync for this cohort. GET /api/cohorts lists the existing ones.',
  },
  sync_exists: {
    stage: 'cohorts',
    class: 'request',
    status: 409,
    retry: false,
    message: 'This cohort already has a sync. Delete it first, or use its start, pause and run.',
  },
  ledger_unknown: {
    stage: 'cohorts',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'No ledger of this run: it is unknown, its ledger could not be stored, or its ledger is no longer kept. GET /api/cohorts/<id>/members without run has the newest ledger, GET /api/cohorts/<id>/history the runs.',
  },
  ledger_cursor_invalid: {
    stage: 'cohorts',
    class: 'request',
    status: 400,
    retry: false,
    message:
      '"after" is not the next of an earlier page of this run and state. Send `next` of that page unchanged, or omit it to begin with the first page.',
  },
  cohort_days_ahead: {
    stage: 'cohorts',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The cost of these days is not known.',
  },
  nothing_held: {
    stage: 'cohorts',
    class: 'request',
    status: 409,
    retry: false,
    message: 'This sync has no change waiting for confirmation.',
  },
  schedule_impossible: {
    stage: 'cohorts',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'The query API cannot be read that often. Choose a longer COHORT_SYNC_INTERVAL, fewer cohorts, or the webhook, which accepts cohorts of any size.',
  },
  cohort_stopping: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message: 'The service is stopping. The sync resumes at the next start.',
  },
  cohort_replica_away: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The replica that runs the cohort syncs does not respond, so nothing was accepted. Another replica takes over within seconds: send the request again.',
  },
  cohort_document_newer: {
    stage: 'cohorts',
    class: 'set-up',
    status: 503,
    retry: false,
    message:
      'A newer release stored the state of the cohort syncs, and this release cannot read it. Start the newer release again.',
  },
  cohort_document_damaged: {
    stage: 'cohorts',
    class: 'set-up',
    status: 503,
    retry: false,
    message:
      'A stored document of the cohort syncs is damaged, and what needs it does not run. Restore the backup, or discard the document with `cohorts discard <document>`; a discarded sync is created again, and then does not know which members Braze has.',
  },
  cohort_document_intact: {
    stage: 'cohorts',
    class: 'request',
    status: 409,
    retry: false,
    message:
      'There is no damaged document of this name, so nothing was discarded. The problem of the sync names the document.',
  },
  cohort_storage: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The change could not be written to storage, so it was not accepted. Send it again; /readyz shows the reason.',
  },
} as const satisfies Record<string, ErrorEntry>;
