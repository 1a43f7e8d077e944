import type { ErrorEntry } from './error-entry.ts';

/** Errors of `POST /currents`. */
export const ingestErrors = {
  token_missing: {
    stage: 'ingest',
    class: 'set-up',
    status: 401,
    retry: false,
    message:
      'The request has no bearer token. In Braze, enter the value of CURRENTS_TOKEN as the token of the Current.',
  },
  token_refused: {
    stage: 'ingest',
    class: 'set-up',
    status: 401,
    retry: false,
    message: 'Invalid bearer token. Compare the token of the Current in Braze with CURRENTS_TOKEN.',
  },
  body_too_large: {
    stage: 'ingest',
    class: 'request',
    status: 413,
    retry: false,
    message: 'The body is too large. Send smaller batches, or raise BODY_LIMIT.',
  },
  too_many_events: {
    stage: 'ingest',
    class: 'request',
    status: 413,
    retry: false,
    message: 'The body has too many events. Send smaller batches, or raise MAX_EVENTS_PER_REQUEST.',
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
    message: 'Unsupported content encoding. Send the body uncompressed, or with gzip or deflate.',
  },
  body_not_decodable: {
    stage: 'ingest',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The body could not be decompressed. Check that it matches its Content-Encoding header.',
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
  event_without_batch: {
    stage: 'ingest',
    class: 'request',
    status: 400,
    retry: false,
    message:
      'The body is a single event, and its batch is missing. Expected a JSON object {"events":[…]}: send {"events":[<this event>]}, as Currents does.',
  },
  too_busy: {
    stage: 'ingest',
    class: 'throttle',
    status: 503,
    retry: true,
    message: 'Too many requests are being read. Send the batch again.',
  },
  backlog_full: {
    stage: 'ingest',
    class: 'throttle',
    status: 503,
    retry: true,
    message:
      'The backlog of this connection is over its limit, so the batch was not accepted. Send it again later; /status shows why deliveries are behind.',
  },
  storage_unavailable: {
    stage: 'ingest',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The batch could not be written to storage, so it was not accepted. Send it again; /readyz shows the reason.',
  },
  currents_version_unknown: {
    stage: 'ingest',
    class: 'set-up',
    retry: false,
    message:
      'The header Braze-Currents-Version has a value that this service does not know. Its batches are accepted; check the dead letters, and look for a release of this service that supports the version. Logged once per value and counted in braze_mixpanel_currents_unknown_version_total.',
  },
} as const satisfies Record<string, ErrorEntry>;
