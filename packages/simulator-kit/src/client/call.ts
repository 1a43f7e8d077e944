/** A server answered, with anything but 2XX. */
export class ControlCallError extends Error {
  override readonly name = 'ControlCallError';
  readonly status: number;
  /** The answer's JSON, or its text where it is none. */
  readonly body: unknown;

  constructor(request: string, status: number, text: string) {
    super(`${request} was answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
    this.body = jsonOf(text);
  }
}

/**
 * One request, JSON in and out.
 *
 * @param token sent as `Authorization: Bearer`, where the server asks for one.
 * @throws ControlCallError for anything but 2XX; an error that names the request when there was no answer.
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
