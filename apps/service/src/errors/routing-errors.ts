import type { ErrorEntry } from './error-entry.ts';

/** Errors that any route can return. */
export const routingErrors = {
  storage_away: {
    stage: 'routing',
    class: 'transient',
    status: 503,
    retry: true,
    message: 'Storage is unavailable or too busy. Try again; /readyz shows the reason.',
  },
  not_found: {
    stage: 'routing',
    class: 'request',
    status: 404,
    retry: false,
    message: 'There is nothing at this address.',
  },
  method_not_allowed: {
    stage: 'routing',
    class: 'request',
    status: 405,
    retry: false,
    message: 'Method not allowed. The Allow header lists the accepted methods.',
  },
  request_malformed: {
    stage: 'routing',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The request could not be parsed. Check its address and its body.',
  },
  request_invalid: {
    stage: 'routing',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The request is not valid, so nothing was done.',
  },
  request_too_large: {
    stage: 'routing',
    class: 'request',
    status: 413,
    retry: false,
    message: 'The body of the request is too large, so nothing was done.',
  },
  request_encoding_unsupported: {
    stage: 'routing',
    class: 'request',
    status: 415,
    retry: false,
    message:
      'The encoding of the body is not supported. Send JSON in UTF-8, uncompressed or with gzip or deflate.',
  },
  protocol_malformed: {
    stage: 'routing',
    class: 'request',
    status: 400,
    retry: false,
    message: 'The request is not valid HTTP/1.1. Check its method, its address and its headers.',
  },
  request_head_too_large: {
    stage: 'routing',
    class: 'request',
    status: 431,
    retry: false,
    message:
      'The address and the headers are longer than 16 KiB together. Send a shorter address or fewer headers.',
  },
  request_too_slow: {
    stage: 'routing',
    class: 'request',
    status: 408,
    retry: true,
    message: 'The request did not arrive in time. Send it again over a faster connection.',
  },
  internal: {
    stage: 'routing',
    class: 'fatal',
    status: 500,
    retry: true,
    message: 'Unexpected error. The log has the details; please report it.',
  },
  foreign_caller: {
    stage: 'routing',
    class: 'request',
    status: 403,
    retry: false,
    message:
      'Without a token, only requests from this machine to localhost or 127.0.0.1 are accepted. Use one of those names, or set the credentials that protect this address: CURRENTS_TOKEN, MIXPANEL_WEBHOOK_USERNAME and MIXPANEL_WEBHOOK_PASSWORD, or VIEWER_TOKEN.',
  },
} as const satisfies Record<string, ErrorEntry>;
