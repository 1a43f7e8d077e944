import type { ErrorEntry } from './error-entry.ts';

/** Errors of `compare` and `cut-over`, which read the raw export of Mixpanel. */
export const compareErrors = {
  compare_unknown_event: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'Unknown event name: it is not in the catalogue, and no such event was delivered in that period. Use the name in Mixpanel, for example Email Send.',
  },
  compare_not_configured: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'This connection has no credentials for the raw export. Set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID.',
  },
  compare_busy: {
    stage: 'admin',
    class: 'throttle',
    status: 503,
    retry: true,
    message:
      'Another comparison, report or cut-over is reading the raw export. Try again when it has finished.',
  },
  compare_throttled: {
    stage: 'admin',
    class: 'throttle',
    status: 503,
    retry: true,
    message: "This hour's limit of raw exports in Mixpanel is used up. Try again after an hour at most.",
  },
  compare_too_many: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message:
      'Mixpanel has too many events in that period to compare with the backlog, so nothing was changed. Hold for a shorter time.',
  },
  handover_not_held: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message: 'The connection is not held, so its batches are being delivered. Set DELIVERY_MODE=hold first.',
  },
  compare_credentials_refused: {
    stage: 'admin',
    class: 'set-up',
    status: 502,
    retry: false,
    message:
      'Mixpanel rejected the credentials of the raw export. Check in Mixpanel that the service account has not expired and has the role Consumer or higher in this project, and compare MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID.',
  },
  compare_not_in_plan: {
    stage: 'admin',
    class: 'set-up',
    status: 502,
    retry: false,
    message:
      'The plan of the Mixpanel project includes no API calls, so events cannot be compared. Upgrade the plan, or compare the counts in a report of Mixpanel.',
  },
  compare_wrong_time_zone: {
    stage: 'admin',
    class: 'set-up',
    status: 502,
    retry: false,
    message:
      'Mixpanel counts the last requested day as tomorrow: MIXPANEL_PROJECT_TIMEZONE is not the time zone of its raw export. Unset it if the project was created in 2023 or later: its raw export is in UTC. Otherwise set it to the time zone in the settings of the project.',
  },
  compare_request_refused: {
    stage: 'admin',
    class: 'request',
    status: 502,
    retry: false,
    message:
      'Mixpanel rejected a parameter of the request for the raw export, and says which. If it names days, choose others, such as later ones; if it names the project, check MIXPANEL_PROJECT_ID.',
  },
  compare_export_refused: {
    stage: 'admin',
    class: 'set-up',
    status: 502,
    retry: false,
    message:
      'Mixpanel rejected the request for the raw export. Check MIXPANEL_EXPORT_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID.',
  },
  compare_request_too_long: {
    stage: 'admin',
    class: 'request',
    status: 502,
    retry: false,
    message:
      'Mixpanel, or a proxy in front of it, rejected the raw export request as too long because it lists many events. Compare one event with --event <name>, or allow longer addresses in the proxy.',
  },
  compare_export_failed: {
    stage: 'admin',
    class: 'transient',
    status: 502,
    retry: true,
    message:
      'The raw export could not be read completely, so its counts are not known. Try again later, or with fewer days if it timed out.',
  },
} as const satisfies Record<string, ErrorEntry>;
