import { useQuery } from '@tanstack/preact-query';
import { type CallError, call } from '../api/call.ts';
import type { Polled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { type DeliveredPage, eventsOf, eventsOfPage, type Trace, type TracedEvent } from './traced-events.ts';

/** What is known of a user so far. */
export interface Found {
  readonly events: readonly TracedEvent[];
  /** Whether delivered events are stored. */
  readonly isKept: boolean;
  /** Cursor of the next page of delivered events. */
  readonly older: string | null;
  /** The rest of the trace; `undefined` while it is searched, and on older pages. */
  readonly rest: Trace | undefined;
}

/** The answer to one POST. */
const useAnswer = <T>(server: Server, path: string, body: object, enabled: boolean) =>
  useQuery<T, CallError>({
    queryKey: [server.name, path, body],
    queryFn: ({ signal }) => call<T>(server, path, { method: 'POST', body, signal }),
    enabled,
  });

/**
 * The trace of a user, or the page of their delivered events before a cursor. An index finds delivered events, so they
 * are there first; waiting events, dead letters and cohorts are searched one by one.
 */
export function useTrace(server: Server, user: string, before: string) {
  const isFirst = before === '';
  const isAsked = user !== '';
  const page = useAnswer<DeliveredPage>(
    server,
    'api/trace/delivered',
    { externalId: user, ...(!isFirst && { before }) },
    isAsked,
  );
  const trace = useAnswer<Trace>(server, 'api/trace', { externalId: user }, isAsked && isFirst);
  const polled: Polled<Found> = {
    data:
      isFirst && trace.data !== undefined
        ? {
            events: eventsOf(trace.data.connections),
            isKept: isKeptIn(trace.data),
            older: trace.data.older,
            rest: trace.data,
          }
        : page.data && {
            ...{ events: eventsOfPage(page.data), isKept: page.data.kept, older: page.data.older },
            rest: undefined,
          },
    dataAt: Math.max(page.dataUpdatedAt, trace.dataUpdatedAt),
    error: page.error ?? trace.error ?? undefined,
    reload: async () => {
      await Promise.all([page.refetch(), ...(isFirst ? [trace.refetch()] : [])]);
    },
  };
  return { polled, isFetching: page.isFetching || trace.isFetching };
}

const isKeptIn = ({ connections }: Trace): boolean =>
  Object.values(connections).every(({ delivered }) => delivered !== null);
