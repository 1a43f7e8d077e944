import type { ErrorEntry } from './error-entry.ts';

/** Errors of sending a cohort to Braze. */
export const brazeErrors = {
  braze_credentials_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'Braze rejected the keys. Correct them and reload (SIGHUP) or restart the service, or renew the data import key; the sync resumes where it stopped.',
  },
  braze_address_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'The address does not respond like Braze. Check BRAZE_REST_URL; the sync resumes where it stopped.',
  },
  braze_request_refused: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message: 'Braze rejected the cohort itself. Check its ID and name; the sync resumes where it stopped.',
  },
  braze_throttled: {
    stage: 'cohorts',
    class: 'throttle',
    retry: true,
    message: 'Braze is rate-limiting, or has the cohort locked. The sync resumes where it stopped.',
  },
  braze_failing: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message: 'Braze returned a server error. The sync resumes where it stopped.',
  },
  braze_answer_contradicts: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'Braze returned a success status with an error in the body, so these members are not counted as accepted. They are sent again; if the problem persists, ask Braze support about the message.',
  },
  braze_lacks_members: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'Braze accepted members, but did not have them ten minutes later. They are sent again; if the problem persists, check the attribute in Braze under Data Settings: Braze accepts and drops blocklisted attributes.',
  },
  braze_answer_foreign: {
    stage: 'cohorts',
    class: 'set-up',
    retry: true,
    message:
      'The response is not in the format of Braze, so nothing in the request is counted as accepted. It is sent again; check for a proxy or gateway between the service and BRAZE_REST_URL.',
  },
  braze_unreachable: {
    stage: 'cohorts',
    class: 'transient',
    retry: true,
    message:
      'Braze did not respond completely. The sync resumes where it stopped and sends again what may have arrived.',
  },
  braze_refuses_members: {
    stage: 'cohorts',
    class: 'poison',
    retry: true,
    message:
      'Braze rejected most of the members sent, or over 1,000 members of the cohort. Check how members are matched; they are sent again.',
  },
} as const satisfies Record<string, ErrorEntry>;
