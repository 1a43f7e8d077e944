/** A request to one of the three servers, JSON in and out; anything but 2XX is an error that says which request got what. */
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
  if (!response.ok)
    throw new Error(`${method} ${url} was answered ${response.status}: ${text.slice(0, 300)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Polls until `read` gives a value that satisfies `enough`; the bound is generous, what is waited for takes milliseconds. */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  enough: (value: T) => boolean,
  { timeoutMs = 30_000, everyMs = 25 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (enough(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${timeoutMs / 1000} s for ${what}; it still is ${JSON.stringify(value).slice(0, 300)}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}
