/** A non-2XX answer from the server. */
export class ControlCallError extends Error {
  override readonly name = 'ControlCallError';
  readonly status: number;
  /** The parsed JSON of the answer, or its text if it is not JSON. */
  readonly body: unknown;

  constructor(request: string, status: number, text: string) {
    super(`${request} was answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
    this.body = jsonOf(text);
  }
}

/**
 * One HTTP request with a JSON body and a JSON answer.
 *
 * @param token sent as `Authorization: Bearer`, if given.
 * @throws ControlCallError for a non-2XX answer; an error that names the request if the server didn't answer.
 */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  token?: string,
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`${method} ${url} got no answer. Is that server running?`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new ControlCallError(`${method} ${url}`, response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
