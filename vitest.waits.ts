import { vi } from 'vitest';

/** Longest wait for a condition, milliseconds: a machine that is busy with other tests may pause for seconds. */
const timeout = 15_000;

/** `vi.waitFor` and `vi.waitUntil` with a longer default than their one second, which vitest has no setting for. */
const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options = {}) => waitFor(callback, withDefault(options));
vi.waitUntil = (callback, options = {}) => waitUntil(callback, withDefault(options));

function withDefault<Options extends { timeout?: number }>(options: number | Options) {
  return typeof options === 'number' ? options : { timeout, ...options };
}
