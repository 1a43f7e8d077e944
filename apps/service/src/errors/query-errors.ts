import type { ErrorEntry } from './error-entry.ts';

/** Errors of reading a cohort from Mixpanel. */
export const queryErrors = {
  mixpanel_query_credentials_refused: {
    stage: 'cohorts',
    class: 'set-up',
    status: 502,
    retry: true,
    message:
      'Mixpanel rejected the credentials of the query. Check in Mixpanel that the service account has not expired and has the role Consumer or higher in this project, and compare MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID. No members were removed.',
  },
  mixpanel_query_refused: {
    stage: 'cohorts',
    class: 'set-up',
    status: 502,
    retry: true,
    message:
      'Mixpanel rejected the query. Check MIXPANEL_QUERY_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID. No members were removed.',
  },
  mixpanel_query_not_in_plan: {
    stage: 'cohorts',
    class: 'set-up',
    status: 502,
    retry: true,
    message:
      'The plan of the Mixpanel project includes no API calls, so cohorts cannot be read with the query API. Upgrade the plan, or let Mixpanel push the cohort to the webhook. No members were removed.',
  },
  mixpanel_query_failed: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message: 'The cohort could not be read completely. No members were removed; the read will be retried.',
  },
  mixpanel_query_throttled: {
    stage: 'cohorts',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'The query API is rate-limiting the project. Reading resumes where it stopped.',
  },
  mixpanel_answer_cut_short: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message:
      'Mixpanel returned fewer members than it announced. No members were removed; the cohort will be read again.',
  },
  mixpanel_session_lost: {
    stage: 'cohorts',
    class: 'transient',
    status: 502,
    retry: true,
    message:
      'The Mixpanel session expired before the cohort was read completely. No members were removed. The cohort is read again from its first page when the hourly query budget covers all its pages; for a larger cohort, use the webhook.',
  },
  cohort_deleted: {
    stage: 'cohorts',
    class: 'set-up',
    status: 404,
    retry: true,
    message:
      'Mixpanel does not list this cohort. Its members stay in Braze; delete the sync if the cohort was deleted on purpose, or correct the cohort ID.',
  },
  cohort_push_silent: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel has not pushed this cohort for three intervals. Check its sync in Mixpanel: it pauses after a 400, 401, 403 or 404 response. Its members stay in Braze; pause or delete the sync here if that is intended.',
  },
  shrinks_too_much: {
    stage: 'cohorts',
    class: 'set-up',
    retry: false,
    message:
      'The new list empties or more than halves a cohort of more members than COHORT_SAFETY_STOP. No members were removed: confirm the change if it is correct, or wait for the next list.',
  },
} as const satisfies Record<string, ErrorEntry>;
