import type { ClockReading } from '@braze-mixpanel/simulated-clock';
import type { SharedRoutes } from '../control/routes.ts';
import type { FaultInput } from '../faults/fault.ts';
import type { ActiveFault } from '../faults/plan.ts';
import type { JournalEntry, JournalFilter } from '../journal/journal.ts';
import type { RequestPattern } from '../journal/pattern.ts';
import type { Verification } from '../journal/verify.ts';
import type { Coverage } from '../provenance/coverage.ts';
import { withoutTrailingSlashes } from '../slashes.ts';
import { type CallOptions, ControlCallError } from './call.ts';
import { readEvents } from './read-events.ts';
import { type ControlRequest, requestsTo } from './request.ts';

/** A duration: milliseconds, or text such as `2h`. */
export type Duration = number | string;

/**
 * The control API of a simulator. The methods serve the routes of every simulator, and `request` any route of
 * `Routes`.
 *
 * @throws ControlCallError for a non-2XX answer.
 */
export interface ControlClient<Routes = SharedRoutes> {
  readonly url: string;
  health(): Promise<{ readonly status: 'ok'; readonly name: string; readonly now: string }>;
  /**
   * Clears state, journal and faults, or restores the initial state (`--state`). The clock keeps its time.
   */
  reset(): Promise<void>;
  /** The complete state as JSON, for `restore`. */
  snapshot(): Promise<unknown>;
  restore(state: unknown): Promise<void>;
  /** The latest requests, newest first. `limit` defaults to 100. */
  requests(filter?: JournalFilter & { readonly limit?: number }): Promise<JournalEntry[]>;
  count(filter?: JournalFilter): Promise<number>;
  /** @throws Error with the nearest miss if the number of matching requests differs from the expectation. */
  verify(pattern: RequestPattern): Promise<Verification>;
  /** A stream of new requests. Ends when the signal is aborted or the loop is left. */
  stream(signal?: AbortSignal): AsyncGenerator<JournalEntry, void, undefined>;
  coverage(): Promise<Coverage>;
  readonly faults: {
    add(fault: FaultInput): Promise<ActiveFault>;
    list(): Promise<ActiveFault[]>;
    remove(id: string): Promise<void>;
    clear(): Promise<void>;
  };
  readonly clock: {
    read(): Promise<ClockReading>;
    /** Resolves when all due work is done, in followers as well. */
    advance(by: Duration): Promise<ClockReading>;
    set(to: number | string): Promise<ClockReading>;
    freeze(): Promise<ClockReading>;
    run(): Promise<ClockReading>;
  };
  /**
   * Calls a control route by method and path, for example `request('GET requests/:sequence', { params: { sequence: 1
   * } })`. Parameters, query, body and answer have the types of the route's schemas.
   *
   * @throws ControlCallError for a non-2XX answer; Error if a parameter of the path is empty.
   */
  readonly request: ControlRequest<Routes>;
}

/**
 * A client of the simulator at `url`, in this or another process, as `listening on …` prints it and `start…()` returns it.
 *
 * @example
 * ```ts
 * import { controlClient } from '@braze-mixpanel/simulator-kit/client';
 * import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
 *
 * await using mixpanel = await startMockMixpanel();
 * const control = controlClient(mixpanel.url);
 * await control.faults.add({ route: 'import', kind: 'status', status: 503, times: 1 });
 * const { status } = await fetch(`${mixpanel.url}/import`, { method: 'POST', body: '[]' });
 * console.log(status, await control.count({ route: 'import', status: '503' })); // 503 1
 * ```
 */
export function controlClient<Routes extends SharedRoutes = SharedRoutes>(
  url: string,
  options: CallOptions = {},
): ControlClient<Routes> {
  const base = withoutTrailingSlashes(url);
  const request = requestsTo<SharedRoutes>(base, options);
  return {
    url: base,
    health: () => request('GET health'),
    reset: async () => void (await request('POST reset')),
    snapshot: () => request('GET state'),
    restore: async state => void (await request('PUT state', { body: state })),
    requests: async (query = {}) => (await request('GET requests', { query })).requests,
    count: async (query = {}) => (await request('GET requests/count', { query })).count,
    async verify(pattern) {
      try {
        return await request('POST verify', { body: pattern });
      } catch (error) {
        if (!(error instanceof ControlCallError) || error.status !== 409) throw error;
        throw new Error((error.body as Verification).message, { cause: error });
      }
    },
    stream: signal => readEvents<JournalEntry>(`${base}/_sim/stream`, options, signal),
    coverage: () => request('GET coverage'),
    faults: {
      add: fault => request('POST faults', { body: fault }),
      list: async () => (await request('GET faults')).faults,
      remove: async id => void (await request('DELETE faults/:id', { params: { id } })),
      clear: async () => void (await request('DELETE faults')),
    },
    clock: {
      read: () => request('GET clock'),
      advance: by => request('POST clock', { body: { advance: by } }),
      set: to => request('POST clock', { body: { set: to } }),
      freeze: () => request('POST clock', { body: { freeze: true } }),
      run: () => request('POST clock', { body: { freeze: false } }),
    },
    request: requestsTo(base, options),
  };
}
