import type { OutboundRequest } from './connector.ts';

/** One request of Braze's to the outside, and what came of it. */
export type Answer = { readonly status: number; readonly body: string } | { readonly error: string };

/** What is quoted of foreign texts. */
export const quoted = 200;

/** Sends one request; redirects are not followed, and no failure throws. `timeout` is in real milliseconds. */
export async function exchange(
  send: typeof fetch,
  { url, headers, body }: OutboundRequest,
  timeout: number,
  closed: AbortSignal,
): Promise<Answer> {
  try {
    const signal = AbortSignal.any([closed, AbortSignal.timeout(timeout)]);
    const response = await send(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { error: failureText(error, timeout) };
  }
}

function failureText(error: unknown, timeout: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeout} ms`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'the request failed';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return [code, cause.message].filter(Boolean).join(': ').slice(0, quoted);
}
