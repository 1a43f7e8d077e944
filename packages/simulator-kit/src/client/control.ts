import type { ClockReading } from '@braze-mixpanel/simulated-clock';
import type { FaultInput } from '../faults/fault.ts';
import type { ActiveFault } from '../faults/plan.ts';
import type { JournalEntry, JournalFilter } from '../journal/journal.ts';
import type { RequestPattern } from '../journal/pattern.ts';
import type { Verification } from '../journal/verify.ts';
import type { Coverage } from '../provenance/coverage.ts';
import { withoutTrailingSlashes } from '../slashes.ts';
import { ControlCallError, call } from './call.ts';
import { readEvents } from './read-events.ts';

/** A duration: milliseconds, or text such as `2h`. */
export type Duration = number | string;

/** The control API of a simulator as methods. @throws ControlCallError for a non-2XX answer. */
export interface ControlClient {
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
  /** A call of any other route under `/_sim/`. @throws ControlCallError for a non-2XX answer. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/**
 * A client of the simulator at `url`, as `listening on …` prints it and `start…()` returns it.
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
export function controlClient(url: string): ControlClient {
  const base = withoutTrailingSlashes(url);
  const own: ControlClient['call'] = (method, path, body) => call(method, `${base}/_sim/${path}`, body);
  const moved = (command: unknown) => own<ClockReading>('POST', 'clock', command);
  return {
    url: base,
    health: () => own('GET', 'health'),
    reset: async () => void (await own('POST', 'reset')),
    snapshot: () => own('GET', 'state'),
    restore: async state => void (await own('PUT', 'state', state)),
    requests: async (filter = {}) =>
      (await own<{ requests: JournalEntry[] }>('GET', `requests${queryOf(filter)}`)).requests,
    count: async (filter = {}) =>
      (await own<{ count: number }>('GET', `requests/count${queryOf(filter)}`)).count,
    async verify(pattern) {
      try {
        return await own<Verification>('POST', 'verify', pattern);
      } catch (error) {
        if (!(error instanceof ControlCallError) || error.status !== 409) throw error;
        throw new Error((error.body as Verification).message, { cause: error });
      }
    },
    stream: signal => readEvents<JournalEntry>(`${base}/_sim/stream`, signal),
    coverage: () => own('GET', 'coverage'),
    faults: {
      add: fault => own('POST', 'faults', fault),
      list: async () => (await own<{ faults: ActiveFault[] }>('GET', 'faults')).faults,
      remove: async id => void (await own('DELETE', `faults/${encodeURIComponent(id)}`)),
      clear: async () => void (await own('DELETE', 'faults')),
    },
    clock: {
      read: () => own('GET', 'clock'),
      advance: by => moved({ advance: by }),
      set: to => moved({ set: to }),
      freeze: () => moved({ freeze: true }),
      run: () => moved({ freeze: false }),
    },
    call: own,
  };
}

function queryOf(filter: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}
