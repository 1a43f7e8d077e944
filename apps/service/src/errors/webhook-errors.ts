import type { ErrorEntry } from './error-entry.ts';

/** Errors of the cohort webhook of Mixpanel. */
export const webhookErrors = {
  webhook_unauthorized: {
    stage: 'cohorts',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      "Wrong user name or password. Enter MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD in Mixpanel's webhook settings.",
  },
  webhook_closed: {
    stage: 'cohorts',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      'Without a password, the webhook accepts requests from this machine only. Set MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD.',
  },
  webhook_other_project: {
    stage: 'cohorts',
    class: 'set-up',
    status: 403,
    retry: false,
    message:
      "The page comes from a Mixpanel project other than this connection's MIXPANEL_PROJECT_ID, so it was not accepted. Enter this connection's address in its own project, or correct MIXPANEL_PROJECT_ID.",
  },
  webhook_malformed: {
    stage: 'cohorts',
    class: 'request',
    status: 400,
    retry: false,
    message: "The page is not in the format of Mixpanel's cohort sync, so it was not accepted.",
  },
  webhook_page_too_large: {
    stage: 'cohorts',
    class: 'request',
    status: 413,
    retry: false,
    message:
      'The page is too large and was not accepted; Mixpanel sends 1,000 members at a time. Send at most 10,000 members and 250,000 values in a page.',
  },
  webhook_too_many_sessions: {
    stage: 'cohorts',
    class: 'throttle',
    status: 429,
    retry: true,
    message:
      'Too many incomplete sessions of pushed cohorts, so the page was not accepted. Send it again later: sessions without a new page expire after COHORT_PAGE_RETENTION.',
  },
  webhook_too_many_cohorts: {
    stage: 'cohorts',
    class: 'set-up',
    status: 429,
    retry: true,
    message:
      'The number of syncs created by pushed cohorts has reached COHORT_PUSH_MAX, so this cohort was not added. Delete syncs that are not needed, or raise COHORT_PUSH_MAX.',
  },
} as const satisfies Record<string, ErrorEntry>;
