import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';

/** Most events of one emission: mock Mixpanel and the journals of the sandbox keep them in memory. */
export const mostEvents = 100_000;

/** Events of one request: some full batches of each type, and an answer within about a second. */
const part = 2_000;

interface Emission {
  readonly emitted: number;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
  readonly notice?: string;
}

interface Following {
  /** Ends the emission after the present part. */
  readonly signal: AbortSignal;
  /** @param emitted number of events so far. */
  readonly onPart: (emitted: number) => void;
}

/**
 * Emits generated events in several requests, so that there is progress and a way to stop. Only the last one flushes: the
 * others send full batches.
 *
 * @param number events to emit, 1 to {@link mostEvents}
 * @throws Error with the number of events so far, if the simulator fails or no Current is launched
 */
export async function emitInParts(
  server: Server,
  number: number,
  what: { readonly generation: string; readonly types?: readonly string[] },
  { signal, onPart }: Following,
) {
  const sum = { emitted: 0, requests: 0, failed: 0 };
  const send = async (body: unknown) => {
    const { emitted, attempts, notice } = await call<Emission>(server, '_sim/emit', { method: 'POST', body });
    if (notice !== undefined) throw new Error(notice);
    sum.emitted += emitted;
    sum.requests += attempts.length;
    sum.failed += attempts.filter(({ status = 0 }) => status < 200 || status >= 300).length;
  };
  try {
    while (sum.emitted < number && !signal.aborted) {
      const count = Math.min(part, number - sum.emitted);
      const isLast = sum.emitted + count === number;
      await send({ generate: { ...what, count, first: sum.emitted }, flush: isLast });
      onPart(sum.emitted);
    }
    // What is not in a full batch yet.
    if (sum.emitted < number && sum.emitted > 0) await send({ events: [] });
  } catch (error) {
    if (sum.emitted === 0) throw error;
    throw new Error(
      `${sum.emitted.toLocaleString('en-US')} of the events were emitted. ${String(error instanceof Error ? error.message : error)}`,
    );
  }
  return sum;
}
