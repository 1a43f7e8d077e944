/**
 * Every way in which a cohort sync, or a request about one, can fail. Same shape as the catalogue of the package, of which
 * this is a part: `class` says who has to act, `retry` whether it may succeed later without anyone's doing.
 */
export const cohortErrors = {
  webhook_unauthorized: {
    stage: 'cohorts',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      "The user name or password is wrong. Enter MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD in Mixpanel's webhook settings.",
  },
  webhook_closed: {
    stage: 'cohorts',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      'The webhook takes nothing from other machines while it has no password. Set MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD.',
  },
  webhook_unknown_connection: {
    stage: 'cohorts',
    class: 'set-up',
    status: 404,
    retry: false,
    message:
      'There is no connection of this name. Use /webhooks/mixpanel/default for the one that the environment describes, or a name of the configuration file.',
  },
  webhook_other_project: {
    stage: 'cohorts',
    class: 'set-up',
    status: 403,
    retry: false,
    message:
      "The page is of another Mixpanel project than MIXPANEL_PROJECT_ID of this connection, so nothing of it was taken. Enter this connection's address in the project that it belongs to, or correct MIXPANEL_PROJECT_ID.",
  },
  webhook_malformed: {
    stage: 'cohorts',
    class: 'request',
    status: 400,
    retry: false,
    message: "The page is not one of Mixpanel's cohort sync, so nothing of it was taken.",
  },
  webhook_page_too_large: {
    stage: 'cohorts',
    class: 'request',
    status: 413,
    retry: false,
    message:
      'The page is larger than any of Mixpanel, which sends 1,000 members at a time, so nothing of it was taken. Send at most 10,000 members and 250,000 values in a page.',
  },
  webhook_too_many_sessions: {
    stage: 'cohorts',
    class: 'throttle',
    status: 429,
    retry: true,
    message:
      'Too many sessions of pushed cohorts have begun and are not complete, so the page was not taken. Send it again later: sessions without a new page go after COHORT_PAGE_RETENTION.',
  },
  webhook_too_many_cohorts: {
    stage: 'cohorts',
    class: 'set-up',
    status: 429,
    retry: true,
    message:
      'As many cohorts as COHORT_PUSH_MAX allows have a sync because they were pushed, so this one gets none. Delete syncs that are not needed, or raise COHORT_PUSH_MAX.',
  },
  braze_not_configured: {
    stage: 'cohorts',
    class: 'set-up',
    status: 400,
    retry: false,
    message:
      'This connection has no way into Braze. Set BRAZE_REST_URL with BRAZE_REST_API_KEY, or with BRAZE_DATA_IMPORT_KEY and BRAZE_PARTNER_API_KEY.',
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
      '/users/track knows no device ids. Match by external ids or aliases, or use the partner cohort import.',
  },
  sync_unknown_connection: {
    stage: 'cohorts',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is no connection of this name. Name one of the configuration; without a name it is the connection default.',
  },
  sync_unknown: {
    stage: 'cohorts',
    class: 'request',
    status: 404,
    retry: false,
    message: 'There is no sync of this cohort. GET /api/cohorts lists those there are.',
  },
  sync_exists: {
    stage: 'cohorts',
    class: 'request',
    status: 409,
    retry: false,
    message: 'This cohort has a sync already. Delete it first, or use its start, pause and run.',
  },
  sync_request_malformed: {
    stage: 'cohorts',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The request is not understood.',
  },
  nothing_held: {
    stage: 'cohorts',
    class: 'request',
    status: 409,
    retry: false,
    message: 'No answer of Mixpanel waits for a confirmation.',
  },
  schedule_impossible: {
    stage: 'cohorts',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'The query API cannot be read that often. Choose a longer COHORT_SYNC_INTERVAL, fewer cohorts, or the webhook, which takes cohorts of any size.',
  },
  mixpanel_query_refused: {
    stage: 'cohorts',
    class: 'set-up',
    status: 502,
    retry: true,
    message:
      'Mixpanel refuses to be queried. Check the service account, its access to the project, MIXPANEL_PROJECT_ID and MIXPANEL_QUERY_URL. Nobody was removed.',
  },
  mixpanel_query_not_in_plan: {
    stage: 'cohorts',
    class: 'set-up',
    status: 502,
    retry: true,
    message:
      'The plan of the Mixpanel project includes no API calls, so cohorts cannot be read with the query API. Upgrade the plan, or let Mixpanel push the cohort to the webhook. No member was removed.',
  },
  mixpanel_query_failed: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message: 'The cohort could not be read to its end. Nobody was removed; it is read again.',
  },
  mixpanel_query_throttled: {
    stage: 'cohorts',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'The query API takes no more queries for now. Reading goes on where it stopped once it does.',
  },
  mixpanel_answer_cut_short: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message: 'Mixpanel gave fewer members than it announced. Nobody was removed; the cohort is read again.',
  },
  mixpanel_session_lost: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message:
      'Mixpanel ended the session before the cohort was read to its end. No member was removed. The cohort is read again from its first page once the hour has queries for all of its pages; a cohort of more pages than that needs the webhook.',
  },
  cohort_deleted: {
    stage: 'cohorts',
    class: 'set-up',
    status: 404,
    retry: true,
    message:
      'Mixpanel does not list this cohort. Its members stay in Braze; delete the sync if that is meant, or correct the cohort id.',
  },
  cohort_push_silent: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel has not pushed this cohort for three intervals. Look at its sync in Mixpanel: it pauses after an answer of 400, 401, 403 or 404. Its members stay in Braze; pause or delete the sync here if that is meant.',
  },
  shrinks_too_much: {
    stage: 'cohorts',
    class: 'set-up',
    retry: false,
    message:
      'The answer empties or more than halves a cohort of over 1,000 members. Nobody was removed: confirm it if it is right, or wait for a better answer.',
  },
  braze_credentials_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'Braze refuses the keys. Correct them and send SIGHUP or restart the service, or renew the data import key; the sync goes on where it stopped.',
  },
  braze_address_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'The address answers, but not as Braze does. Check BRAZE_REST_URL; the sync goes on where it stopped.',
  },
  braze_request_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message: 'Braze refuses the cohort itself. Check its id and name; the sync goes on where it stopped.',
  },
  braze_throttled: {
    stage: 'cohorts',
    class: 'throttle',
    retry: true,
    message: 'Braze limits the rate, or has the cohort locked. The sync goes on where it stopped.',
  },
  braze_failing: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message: 'Braze fails. The sync goes on where it stopped.',
  },
  braze_answer_contradicts: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'Braze answered with a success that its own body denies, so the members in question do not count as accepted. They are sent again; if it stays, ask Braze about what it says.',
  },
  braze_lacks_members: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'Braze accepted members that it did not have ten minutes later. They are sent again; if it stays, look at the attribute in Braze under Data Settings: one that is on the blocklist is accepted and dropped.',
  },
  braze_answer_foreign: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'What answered does not answer as Braze does, so nothing of the request counts. It is sent again; look for a proxy or gateway between the service and BRAZE_REST_URL.',
  },
  braze_unreachable: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'No complete answer came from Braze. The sync goes on where it stopped; what may have arrived is sent again.',
  },
  braze_refuses_members: {
    stage: 'cohorts',
    class: 'poison',
    retry: true,
    message:
      'Braze did not accept most of what was sent, or over 1,000 members of the cohort. Check how members are matched; they are sent again.',
  },
  cohort_stopping: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message: 'The service is stopping. The sync goes on where it stopped with the next start.',
  },
  cohort_replica_away: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The replica that runs the cohort syncs does not answer, so nothing was accepted. Another takes over within seconds: send it again.',
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
      'The stored state of a cohort sync cannot be read, so no cohort is synced. Restore the backup, or delete this document and create the sync again.',
  },
  cohort_storage: {
    stage: 'cohorts',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage did not take it, so it was not accepted. Send it again; look at /readyz for the reason.',
  },
} as const;

export type CohortErrorCode = keyof typeof cohortErrors;
