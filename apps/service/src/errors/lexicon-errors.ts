import type { ErrorEntry } from './error-entry.ts';

const again = 'It is safe to run the command again.';

/** Errors of `lexicon push`, which writes to Mixpanel's Lexicon. */
export const lexiconErrors = {
  lexicon_not_configured: {
    stage: 'admin',
    class: 'set-up',
    retry: false,
    message:
      'This connection has no service account, which Lexicon requires. Set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID.',
  },
  lexicon_credentials_refused: {
    stage: 'admin',
    class: 'set-up',
    retry: false,
    message: `Mixpanel rejected the credentials for Lexicon. Check in Mixpanel that the service account has not expired and has the role Admin or Owner in this project, and compare MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID. ${again}`,
  },
  lexicon_not_in_plan: {
    stage: 'admin',
    class: 'set-up',
    retry: false,
    message: `The plan of the Mixpanel project does not include the API of Lexicon. Upgrade the plan in Mixpanel. ${again}`,
  },
  lexicon_refused: {
    stage: 'admin',
    class: 'set-up',
    retry: false,
    message: `Mixpanel rejected the request to Lexicon. Check MIXPANEL_QUERY_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID. ${again}`,
  },
  lexicon_throttled: {
    stage: 'admin',
    class: 'throttle',
    retry: true,
    message: `Mixpanel's limit of five requests a minute to Lexicon is used up; all programs of the organization share it. Try again in a few minutes. ${again}`,
  },
  lexicon_failed: {
    stage: 'admin',
    class: 'transient',
    retry: true,
    message: `Mixpanel did not answer a request to Lexicon, or not in its documented form. The entries of that request may have been written or not. ${again}`,
  },
} as const satisfies Record<string, ErrorEntry>;
