import type { FailedRecord } from '@braze-mixpanel/core/mixpanel';
import { type Respond, respond } from '@braze-mixpanel/simulator-kit';

/** The answers of `POST /import`, with Mixpanel's exact texts. */
const statusTexts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export function imported(count: number): Respond {
  return respond(200, { code: 200, num_records_imported: count, status: 'OK' }, { rule: 'imported' });
}

export function refused(failed: readonly FailedRecord[], count: number): Respond {
  return badRequest(
    'some data points in the request failed validation',
    'strict: failed records',
    failed,
    count,
  );
}

export function badRequest(
  error: string,
  rule: string,
  failed: readonly FailedRecord[] = [],
  count = 0,
): Respond {
  const body = {
    code: 400,
    error,
    failed_records: failed,
    num_records_imported: count,
    status: 'Bad Request',
  };
  return respond(400, body, { rule });
}

/** The body of a status without further details. */
export function plainBody(status: number): unknown {
  const texts: Readonly<Record<number, string>> = {
    401: 'Invalid credentials',
    429: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
  };
  const name = statusTexts[status] ?? 'Error';
  return { code: status, error: texts[status] ?? name, status: name };
}

export function unauthorized(): Respond {
  return respond(401, plainBody(401), { rule: 'credentials' });
}

export function throttled(): Respond {
  return respond(429, plainBody(429), { rule: 'rate limit' });
}

/** @param limit with its unit, for example `2000 events`. */
export function tooLarge(limit: string): Respond {
  const body = {
    code: 413,
    error: `request exceeds max limit of ${limit}`,
    status: 'Request Entity Too Large',
  };
  return respond(413, body, { rule: `at most ${limit}` });
}
