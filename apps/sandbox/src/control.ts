export { call } from '@braze-mixpanel/simulator-kit/client';

/**
 * Polls until `read` returns a value that satisfies `enough`. The time limit is generous; the expected wait
 * is milliseconds.
 */
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
