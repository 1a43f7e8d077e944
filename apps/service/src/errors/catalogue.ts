import { cohortErrors } from './cohort-errors.ts';

/**
 * Every way in which a request or a delivery can fail, once.
 *
 * `stage` is where it happens, `class` what kind of trouble it is and so who has to act: `request` the caller, `set-up` whoever
 * configured credentials and addresses, `throttle` and `transient` nobody (it is tried again), `poison` whoever looks after
 * dead letters, `fatal` us. `status` is the answer over HTTP where there is one. `retry` says whether the same thing may
 * succeed later without anyone's doing.
 */
export interface ErrorEntry {
  readonly stage: 'ingest' | 'admin' | 'routing' | 'delivery' | 'cohorts';
  readonly class: 'request' | 'set-up' | 'throttle' | 'transient' | 'poison' | 'fatal';
  readonly status?: number;
  readonly retry: boolean;
  /** What failed, why, and what to do next. */
  readonly message: string;
}

export const errors = {
  ...cohortErrors,
  token_missing: {
    stage: 'ingest',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      'The request has no bearer token. Enter the value of CURRENTS_TOKEN as the token of the Current in Braze.',
  },
  token_refused: {
    stage: 'ingest',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      'The bearer token is not one of the accepted ones. Compare the token of the Current in Braze with CURRENTS_TOKEN.',
  },
  unknown_connection: {
    stage: 'ingest',
    class: 'set-up',
    status: 404,
    retry: false,
    message:
      'There is no connection of this name. Use /currents for the one that the environment describes, or /currents/<name> with a name of the configuration file.',
  },
  body_too_large: {
    stage: 'ingest',
    class: 'request',
    status: 413,
    retry: false,
    message: 'The body is larger than this service takes. Send smaller batches, or raise BODY_LIMIT.',
  },
  too_many_events: {
    stage: 'ingest',
    class: 'request',
    status: 413,
    retry: false,
    message:
      'The body has more events than this service accepts at once. Send smaller batches, or raise MAX_EVENTS_PER_REQUEST.',
  },
  too_many_values: {
    stage: 'ingest',
    class: 'request',
    status: 413,
    retry: false,
    message: 'The body has more than 250,000 JSON values. Send smaller batches.',
  },
  encoding_unknown: {
    stage: 'ingest',
    class: 'request',
    status: 415,
    retry: false,
    message:
      'The body has a content encoding that is not understood. Send it as it is, or with gzip or deflate.',
  },
  body_not_decodable: {
    stage: 'ingest',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The body could not be decompressed. Send what the Content-Encoding header says.',
  },
  body_not_json: {
    stage: 'ingest',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The body is not JSON. Expected a JSON object {"events":[…]}.',
  },
  events_not_an_array: {
    stage: 'ingest',
    class: 'request',
    status: 400,
    retry: false,
    message:
      'The body is not a batch of events. Expected a JSON object {"events":[…]} whose "events" is an array.',
  },
  too_busy: {
    stage: 'ingest',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'Too many requests are being read at this moment. Send the batch again.',
  },
  backlog_full: {
    stage: 'ingest',
    class: 'throttle',
    status: 503,
    retry: true,
    message:
      'The backlog of this connection is over its bound, so the batch was not accepted. Send it again later; /status says what keeps deliveries.',
  },
  storage_unavailable: {
    stage: 'ingest',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The batch could not be stored durably, so it was not accepted. Send it again; look at /readyz for the reason.',
  },
  storage_away: {
    stage: 'routing',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage cannot be reached or is too busy, and this needs it. Try again; look at /readyz for the reason.',
  },
  not_found: {
    stage: 'routing',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is nothing at this address. Batches go to POST /currents; see also /status, /readyz and /healthz.',
  },
  method_not_allowed: {
    stage: 'routing',
    class: 'request',
    status: 405,
    retry: false,
    message: 'This address does not take this method. The Allow header names those it takes.',
  },
  request_malformed: {
    stage: 'routing',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The request could not be read. Check its address and parameters.',
  },
  internal: {
    stage: 'routing',
    class: 'fatal',
    status: 500,
    retry: true,
    message: 'The service failed in a way that was not foreseen. The log has the details; please report it.',
  },
  admin_token_refused: {
    stage: 'admin',
    class: 'set-up',
    status: 401,
    retry: false,
    message: 'This address needs a token. Send Authorization: Bearer <ADMIN_TOKEN>, or VIEWER_TOKEN to read.',
  },
  foreign_caller: {
    stage: 'routing',
    class: 'request',
    status: 403,
    retry: false,
    message:
      'Without a token this address answers callers on this machine only, by the names localhost and 127.0.0.1. Use one of those, or set what protects this address: CURRENTS_TOKEN, MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD, or VIEWER_TOKEN.',
  },
  admin_closed: {
    stage: 'admin',
    class: 'set-up',
    status: 403,
    retry: false,
    message:
      'The API is off, since no ADMIN_TOKEN is set. Set ADMIN_TOKEN, send SIGHUP or restart the service, and send it as bearer token.',
  },
  admin_reads_only: {
    stage: 'admin',
    class: 'set-up',
    status: 403,
    retry: false,
    message: 'The viewer token reads, and changes nothing. Send ADMIN_TOKEN for this.',
  },
  dead_letter_unknown: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is no dead letter of this id; it may have been replayed. GET /api/dead-letters lists those there are.',
  },
  replay_not_configured: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'The connection of these dead letters is not configured, so nobody would deliver them. Configure it, then replay.',
  },
  replay_not_stored: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage did not take the replay; dead letters that were not replayed stay as they are. Make the call again; look at /readyz for the reason.',
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
      'The corrected event could not be delivered either, so nothing was replayed. Correct the rest too.',
  },
  purge_unconfirmed: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message: 'A purge ends dead letters for good, and "confirm":true was not sent; nothing was ended.',
  },
  removal_not_stored: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'Storage did not take the removal; what was not removed stays as it is. Make the call again; look at /readyz for the reason.',
  },
  compare_unknown_connection: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is no connection of this name. Name one of the configuration; without a name it is the connection default.',
  },
  compare_unknown_event: {
    stage: 'admin',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'There is no event of this name in the catalogue, and none was delivered in that time. Name one as Mixpanel does, for example Email Send.',
  },
  compare_not_configured: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'This connection cannot read the raw export. Set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID.',
  },
  compare_busy: {
    stage: 'admin',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'Another comparison or hand-over is reading the raw export. Wait for its end.',
  },
  compare_throttled: {
    stage: 'admin',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'The exports that Mixpanel allows in this hour are spent.',
  },
  compare_too_many: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message:
      'Mixpanel has more events of that time than can be held beside the backlog, so nothing was changed. Hold for a shorter time.',
  },
  handover_not_held: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: false,
    message: 'The connection is not held: its batches are being delivered. Set DELIVERY_MODE=hold first.',
  },
  compare_export_refused: {
    stage: 'admin',
    class: 'set-up',
    status: 502,
    retry: false,
    message:
      'Mixpanel refuses the raw export. Check the role of the service account, MIXPANEL_PROJECT_ID and MIXPANEL_EXPORT_URL.',
  },
  compare_request_too_long: {
    stage: 'admin',
    class: 'request',
    status: 502,
    retry: false,
    message:
      'Mixpanel, or a proxy before it, finds the request for the raw export too long: it names every event. Compare one event with event=<name>.',
  },
  compare_export_failed: {
    stage: 'admin',
    class: 'transient',
    status: 502,
    retry: true,
    message: 'The raw export could not be read to its end, so nothing is compared.',
  },
  mixpanel_credentials_refused: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel refuses the credentials. Correct them and send SIGHUP or restart the service; events are kept until then.',
  },
  mixpanel_address_refused: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'The address answers, but not as Mixpanel does. Check MIXPANEL_API_URL, MIXPANEL_REGION and MIXPANEL_PROJECT_ID; events are kept until then.',
  },
  mixpanel_payment_required: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel asks for payment: the plan or the payment of the project does not allow this import. Look at Organization Settings, Plan Details & Billing, in Mixpanel; events are kept until then, and delivery goes on by itself.',
  },
  mixpanel_refuses_all: {
    stage: 'delivery',
    class: 'set-up',
    retry: true,
    message:
      'Mixpanel, or a gateway before it, refuses whole requests without naming an event, so the cause is not in the events. Check MIXPANEL_PROJECT_ID, the credentials, and the size limit of any proxy on the way; no event was set aside, and delivery goes on by itself once that is corrected.',
  },
  mixpanel_throttled: {
    stage: 'delivery',
    class: 'throttle',
    retry: true,
    message: 'Mixpanel limits the rate of the project. Events are kept and sent again after a pause.',
  },
  mixpanel_failing: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message: 'Mixpanel fails. Events are kept and sent again after a pause.',
  },
  mixpanel_unreachable: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message: 'No complete answer came from Mixpanel. Events are kept and sent again after a pause.',
  },
  mixpanel_answer_malformed: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message:
      'The answer is not one that Mixpanel is known to give. Events are kept and sent again after a pause.',
  },
  refused_by_mixpanel: {
    stage: 'delivery',
    class: 'poison',
    retry: false,
    message: 'Mixpanel refuses this event. It is kept as a dead letter, see /api/dead-letters.',
  },
  refused_in_shadow: {
    stage: 'delivery',
    class: 'poison',
    retry: false,
    message:
      'Mixpanel would refuse this event, were it not for the shadow in which the connection runs. It is kept as a dead letter, see /api/dead-letters.',
  },
  batch_unreadable: {
    stage: 'delivery',
    class: 'fatal',
    retry: true,
    message:
      'A stored batch could not be mapped. It is kept and tried again; the log has the details, please report it.',
  },
  outcome_not_stored: {
    stage: 'delivery',
    class: 'transient',
    retry: true,
    message:
      'Storage did not take the outcome of a delivery. The batch is sent again; Mixpanel recognises its events by their $insert_id.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** The codes of one stage. */
export type CodeOf<Stage extends ErrorEntry['stage']> = {
  [Code in ErrorCode]: (typeof errors)[Code]['stage'] extends Stage ? Code : never;
}[ErrorCode];

/** The catalogue, or one stage of it, as a Markdown table, for the documentation. */
export function errorTable(only?: ErrorEntry['stage']): string {
  const entries = Object.entries<ErrorEntry>(errors).filter(([, { stage }]) => (only ?? stage) === stage);
  const rows = entries.map(
    ([code, { stage, class: kind, status, retry, message }]) =>
      `| \`${code}\` | ${stage} | ${kind} | ${status ?? ''} | ${retry ? 'yes' : 'no'} | ${message} |`,
  );
  return [
    '| Code | Stage | Class | HTTP status | Tried again | What it says |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
