/** A request from the simulator to a customer's endpoint. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer, or the reason why there was none. */
export type Answer = { readonly status: number; readonly body: string } | { readonly error: string };

/**
 * One POST request. Redirects are not followed. It never throws: failures are part of the result.
 *
 * @param timeout limit for the complete answer, in real milliseconds.
 * @param signal aborts the request.
 */
export async function post(
  send: typeof fetch,
  { url, headers, body }: OutgoingRequest,
  timeout: number,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const response = await send(url, { method: 'POST', headers, body, redirect: 'manual', signal: either });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { error: reasonOf(error, timeout) };
  }
}

function reasonOf(error: unknown, timeout: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeout} ms`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'the request failed';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return [code, cause.message].filter(Boolean).join(': ').slice(0, 200);
}
