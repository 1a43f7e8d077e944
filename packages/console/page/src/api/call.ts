import { about, type Server } from '../app/about.ts';
import { short } from '../parts/format.ts';
import { serverAhead } from './server-ahead.ts';
import { token } from './token.ts';

/** A failed call, with a sentence for the user. */
export class CallError extends Error {
  /** HTTP status; `undefined` if the server did not answer. */
  readonly status: number | undefined;
  /** Code of the service's error catalogue. */
  readonly code: string | undefined;
  /** Fields of the request that are not valid, each with a predicate such as `must be text`. */
  readonly faults: readonly FieldFault[];
  constructor(message: string, status?: number, code?: string, faults: readonly FieldFault[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

interface FieldFault {
  readonly field: string;
  readonly message: string;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Address of a path of a server's API. */
export const addressOf = (server: Server, path: string): string =>
  new URL(server.api + path, document.baseURI).href;

/**
 * Calls the API of a server.
 *
 * @throws CallError with the server's own message.
 */
export async function call<T>(server: Server, path: string, request: Request = {}): Promise<T> {
  const { method = 'GET', body, signal } = request;
  const secret = server.kind === 'service' ? token.get() : '';
  const headers = headersOf(secret, body !== undefined);
  const failed = (error: unknown): never => {
    if (signal?.aborted) throw error;
    throw new CallError(silent(server));
  };
  const answer = await fetch(addressOf(server, path), {
    method,
    cache: 'no-store',
    ...(signal && { signal }),
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(failed);
  const text = await answer.text().catch(failed);
  serverAhead.note(server.name, answer.headers.get('date'));
  const value = parsed(text);
  if (answer.ok) return value as T;
  const error = refusal(server, answer.status, value, text);
  if (answer.status === 401) token.refuse(secret, error.message);
  throw error;
}

/** Headers of a call. A token may have characters that no header can have. */
function headersOf(secret: string, hasBody: boolean): Headers {
  const headers = new Headers(hasBody ? { 'content-type': 'application/json' } : {});
  try {
    if (secret !== '') headers.set('authorization', `Bearer ${secret}`);
  } catch {
    const message =
      'The token has a character that a token cannot have. Sign in with the admin or viewer token.';
    token.refuse(secret, message);
    throw new CallError(message);
  }
  return headers;
}

const nameOf = ({ kind, name }: Server): string => (kind === 'service' ? 'The service' : name);

const silent = (server: Server): string => `${nameOf(server)} does not respond. Check that it is running.`;

/** A message of the API without the sentences that name a path of it: the page has links instead. */
const inPage = (message: string): string =>
  message.replaceAll(/ (?:(?:GET|POST|PUT|DELETE) \/|For example: \/)[^\n]*?(?:\.(?= |$)|$)/gm, '');

function refusal(server: Server, status: number, value: unknown, text: string): CallError {
  const { error, faults } = (value ?? {}) as {
    error?: string | { message?: string; code?: string };
    faults?: readonly FieldFault[];
  };
  const code = typeof error === 'object' ? error.code : undefined;
  if (status === 401 && about().asksForToken)
    return new CallError(
      token.get() === ''
        ? 'This view needs a token. Sign in with an admin or viewer token.'
        : 'The token was refused. Sign in with the current admin or viewer token.',
      status,
      code,
    );
  if (status === 502 || status === 504) return new CallError(silent(server), undefined, code);
  const message = typeof error === 'string' ? error : error?.message;
  return new CallError(
    short(
      message === undefined ? `${nameOf(server)} answered ${status}. ${text.slice(0, 300)}` : inPage(message),
      1_000,
    ),
    status,
    code,
    faults,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
