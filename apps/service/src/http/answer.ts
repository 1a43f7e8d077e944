import type { RequestHandler, Response } from 'express';
import { type ErrorCode, errors } from '../errors/catalogue.ts';
import type { ErrorEntry } from '../errors/error-entry.ts';
import { withDetail } from '../errors/with-detail.ts';

/** `Retry-After` of a temporary refusal, in seconds. */
const retryAfterSeconds = 5;
/** Time in which a client that was answered early may send the rest of its body. */
const lingerMs = 2_000;

/**
 * Answers with an entry of the catalogue: `{"error":{"code":"…","message":"…"}}`.
 *
 * When the request's body was not read, the connection cannot be reused, and the answer has the header
 * `Connection: close`. The rest of the body is discarded, and the connection is closed at its end or after
 * two seconds: closed at once, the client might see a reset instead of the answer (RFC 9112, section 9.6).
 */
export function answerError(response: Response, code: ErrorCode, detail?: string): void {
  const entry: ErrorEntry = errors[code];
  const status = entry.status ?? 500;
  // For the metrics.
  response.locals.error = code;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (status === 503) response.set('Retry-After', String(retryAfterSeconds));
  answerJson(response, status, { error: { code, message: withDetail(entry.message, detail) } });
}

/** Answers 405 with the methods of a path in `Allow`; a path with `get` has HEAD too. */
export function onlyMethods(methods: readonly string[]): RequestHandler {
  const allow = methods.flatMap(each => (each === 'get' ? ['GET', 'HEAD'] : [each.toUpperCase()])).join(', ');
  return (_request, response) => answerError(response.set('Allow', allow), 'method_not_allowed');
}

/** As `answerError`, for answers of another shape. */
export function answerJson(response: Response, status: number, body: unknown): void {
  response.status(status);
  if (bodyWasRead(response.req)) response.json(body);
  else answerEarly(response, JSON.stringify(body));
}

function bodyWasRead({ complete, headers }: Response['req']): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return complete || !hasBody;
}

function answerEarly(response: Response, text: string): void {
  const request = response.req;
  response.set({ Connection: 'close', 'Content-Length': String(Buffer.byteLength(text)) }).type('json');
  response.write(text);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.once('end', end).once('close', end).resume();
}
