import { useEffect, useState } from 'preact/hooks';
import { addressOf } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { useFilter, usePrivateFilter } from '../app/routes.ts';
import { Input, Select } from '../parts/fields.tsx';
import type { CoverageAnswer } from './coverage-answer.ts';
import type { ListedRequest } from './request.ts';
import { type Journal, useJournal } from './use-journal.ts';

/** Most requests that are listed of those that match. */
const most = 1_000;

interface Filter {
  readonly value: string;
  readonly set: (value: string) => void;
}

/** Filters over the whole journal of a simulator. */
export interface Filters {
  readonly route: Filter;
  readonly verdict: Filter;
  readonly status: Filter;
  /** Text in the body. It may be the ID of a user. */
  readonly contains: Filter;
  /** All of them as parameters of a query, each with `&` before it; empty without any. */
  readonly query: string;
}

/** The filters in the address. */
export function useRequestFilters(): Filters {
  const filter = ([value, set]: readonly [string, (value: string) => void]): Filter => ({ value, set });
  const named = {
    route: filter(useFilter('route')),
    verdict: filter(useFilter('verdict')),
    status: filter(useFilter('status')),
    contains: filter(usePrivateFilter('contains')),
  };
  const query = Object.entries(named)
    .filter(([, { value }]) => value !== '')
    .map(([name, { value }]) => `&${name}=${encodeURIComponent(value)}`)
    .join('');
  return { ...named, query };
}

/** Milliseconds without a change of the filters until they are searched: each search reads all bodies. */
const pause = 400;

/** A value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return value === '' ? value : settled;
}

/** The requests that match: live without filters, read every five seconds with them. */
export function useFiltered(server: Server, { query }: Filters): Journal {
  const live = useJournal(server);
  const settled = useSettled(query);
  const path = settled === '' ? undefined : `_sim/requests?limit=${most}${settled}`;
  const { data, error } = usePolled<{ requests: readonly ListedRequest[] }>(server, path, 5_000);
  if (path === undefined) return live;
  return { entries: data?.requests, error: error?.message };
}

const verdicts = [
  ['', 'any'],
  ['accepted', 'accepted'],
  ['refused', 'refused (4XX)'],
  ['failed', 'failed (5XX)'],
  ['reset', 'connection reset'],
  ['hang', 'no answer'],
  ['truncate', 'half an answer'],
] as const;

export function RequestFilters({ server, of: filters }: { server: Server; of: Filters }) {
  const coverage = usePolled<CoverageAnswer>(server, '_sim/coverage', 60_000).data;
  const routes = coverage?.routes.map(({ id }) => id) ?? [];
  const { route, verdict, status, contains } = filters;
  const options = [...new Set(route.value === '' ? routes : [route.value, ...routes])];
  return (
    <div class="row filters">
      <Select
        label="Route"
        value={route.value}
        onValue={route.set}
        options={[['', 'any'], ...options.map(id => [id, id] as const)]}
      />
      <Select label="Outcome" value={verdict.value} onValue={verdict.set} options={verdicts} />
      <Input label="Status" value={status.value} onValue={status.set} size={4} inputMode="numeric" />
      <Input label="Body contains" value={contains.value} onValue={contains.set} size={24} />
      <a
        class="button"
        href={addressOf(server, `_sim/requests.har?limit=${most}${filters.query}`)}
        download={`${server.name}.har`}
      >
        Export as HAR
      </a>
    </div>
  );
}
