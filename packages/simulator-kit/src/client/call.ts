/** A non-2XX answer from the server. The message names the request and quotes the server's sentence. */
export class ControlCallError extends Error {
  override readonly name = 'ControlCallError';
  /** Method and address: `POST http://127.0.0.1:4010/_sim/emit`. */
  readonly request: string;
  readonly status: number;
  /** The parsed JSON of the answer, or its text if it is not JSON. */
  readonly body: unknown;

  constructor(request: string, status: number, text: string) {
    const body = jsonOf(text);
    super(`${request} was answered ${status}: ${sentenceOf(body) ?? text.slice(0, 300)}`);
    this.request = request;
    this.status = status;
    this.body = body;
  }
}

/** How a client sends its requests. */
export interface CallOptions {
  /** Sent as `Authorization: Bearer`, for a server or a proxy that requires it; simulators do not. */
  readonly token?: string;
  /** More headers of every request, for example `X-Workspace` of mock-braze. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the requests; the global `fetch` by default. */
  readonly fetch?: typeof fetch;
}

/**
 * One HTTP request with a JSON body and a JSON answer.
 *
 * @throws ControlCallError for a non-2XX answer; an error that names the request if the server didn't answer, or
 * not with JSON.
 */
export async function call<T>(
  method: string,
  url: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<T> {
  const { fetch: send = fetch } = options;
  const request = `${method} ${url}`;
  const response = await send(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headersOf(options),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`${request} got no answer. Is that server running?`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new ControlCallError(request, response.status, text);
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`${request} was not answered with JSON. Is that the address of a simulator?`, { cause });
  }
}

/** The headers of every request with these options. */
export function headersOf({ token, headers }: CallOptions): Readonly<Record<string, string>> {
  return { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sentenceOf(body: unknown): string | undefined {
  const { error } = Object(body) as { readonly error?: unknown };
  return typeof error === 'string' ? error : undefined;
}
