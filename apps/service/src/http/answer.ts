import type { Response } from 'express';
import { type ErrorCode, type ErrorEntry, errors } from '../errors.ts';

/** How long a client that was turned away for now should wait, in seconds. */
const retryAfterSeconds = 5;

/** Answers with an entry of the catalogue: `{"error":{"code":"…","message":"…"}}`. */
export function answerError(response: Response, code: ErrorCode, detail?: string): void {
  const entry: ErrorEntry = errors[code];
  const status = entry.status ?? 500;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (status === 503) response.set('Retry-After', String(retryAfterSeconds));
  const message = detail === undefined ? entry.says : `${entry.says} ${detail}`;
  response.status(status).json({ error: { code, message } });
}
