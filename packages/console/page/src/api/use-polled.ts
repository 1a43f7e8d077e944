import { QueryClient, useQuery, useQueryClient } from '@tanstack/preact-query';
import { useCallback } from 'preact/hooks';
import type { Server } from '../app/about.ts';
import { type CallError, call } from './call.ts';

/** The last good answer to a call, and what is wrong now. */
export interface Polled<T> {
  /** Last good answer; `undefined` before the first one. */
  readonly data: T | undefined;
  /** When it arrived, milliseconds since 1970 of this machine. */
  readonly dataAt: number;
  /** Failure of the latest call; `undefined` after a success. */
  readonly error: CallError | undefined;
  /** Calls now. */
  reload(): Promise<void>;
}

/** Calls of all views: one at a time for each address, whatever the state of the machine's network. */
export const queries = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: false, gcTime: 30_000, staleTime: 0 } },
});

/**
 * The answer to GET, polled while the view is shown; `undefined` as path calls nothing. With a body it is a POST that
 * reads: what may be the ID of a user is in no address.
 */
export function usePolled<T>(
  server: Server,
  path: string | undefined,
  everyMs = 2_000,
  body?: object,
): Polled<T> {
  const client = useQueryClient();
  const queryKey = [server.name, path, ...(body === undefined ? [] : [body])];
  const query = useQuery<T, CallError>({
    queryKey,
    queryFn: ({ signal }) =>
      call<T>(server, path ?? '', { signal, ...(body !== undefined && { method: 'POST', body }) }),
    enabled: path !== undefined,
    refetchInterval: everyMs,
  });
  const reload = useCallback(() => client.invalidateQueries({ queryKey: [server.name] }), [client, server]);
  return { data: query.data, dataAt: query.dataUpdatedAt, error: query.error ?? undefined, reload };
}
