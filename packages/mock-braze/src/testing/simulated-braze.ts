import { createMockBraze, type MockBraze, type MockBrazeOptions } from '../mock-braze.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A simulator without a server, with calls as a client would make them. For this package's tests. */
export async function simulatedBraze(options: MockBrazeOptions = {}) {
  const braze: MockBraze = await createMockBraze({ seed: 1, ...options });
  const call = async (
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> => {
    const url = new URL(target, 'http://braze.test');
    const answer = await braze.simulator.dispatch({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: { host: url.host, ...headers },
      readBody: async () => new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body)),
    });
    if (answer.kind !== 'respond') throw new Error(`${method} ${target} ended in a ${answer.kind}`);
    const text = await new Response(
      answer.body instanceof ReadableStream ? answer.body : JSON.stringify(answer.body),
    ).text();
    return { status: answer.status, headers: new Headers({ ...answer.headers }), body: JSON.parse(text) };
  };
  return { ...braze, call };
}
