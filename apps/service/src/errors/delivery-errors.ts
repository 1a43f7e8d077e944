import type { ErrorEntry } from './error-entry.ts';

/** Errors of the delivery of events to Mixpanel. */
export const deliveryErrors = {
  mixpanel_credentials_refused: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel rejected the credentials. Check in Mixpanel that the service account has not expired, correct the credentials, and reload (SIGHUP) or restart the service; events stay queued until then.',
  },
  mixpanel_address_refused: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'The address does not respond like Mixpanel. Check MIXPANEL_API_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID; events stay queued until then.',
  },
  mixpanel_payment_required: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel requires payment: the plan or billing status of the project does not allow this import. Check Organization Settings, Plan Details & Billing, in Mixpanel. Events stay queued, and delivery resumes automatically.',
  },
  mixpanel_refuses_all: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel, or a gateway in front of it, rejects whole requests without naming an event, so the events are not the cause. Check MIXPANEL_PROJECT_ID and the size limit of any proxy. Events stay queued, and delivery resumes automatically.',
  },
  mixpanel_throttled: {
    stage: 'delivery',
    class: 'throttle',
    retry: true,
    message: 'Mixpanel is rate-limiting the project. Events are queued and will be retried.',
  },
  mixpanel_failing: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message: 'Mixpanel returned a server error. Events are queued and will be retried.',
  },
  mixpanel_unreachable: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message: 'Mixpanel did not respond completely. Events are queued and will be retried.',
  },
  mixpanel_answer_malformed: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message: "The response is not in Mixpanel's documented format. Events are queued and will be retried.",
  },
  refused_by_mixpanel: {
    stage: 'delivery',
    class: 'poison',
    retry: false,
    message: 'Mixpanel rejected this event. It is kept as a dead letter; see /api/dead-letters.',
  },
  refused_in_shadow: {
    stage: 'delivery',
    class: 'poison',
    retry: false,
    message:
      'Mixpanel would reject this event; the connection runs in shadow mode. It is kept as a dead letter; see /api/dead-letters.',
  },
  batch_unreadable: {
    stage: 'delivery',
    class: 'fatal',
    retry: true,
    message:
      'A stored batch could not be mapped. It is kept and will be retried; the log has the details, please report it.',
  },
  outcome_not_stored: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message:
      'The outcome of a delivery could not be written to storage. The batch is sent again; Mixpanel removes the duplicates by their $insert_id.',
  },
} as const satisfies Record<string, ErrorEntry>;
