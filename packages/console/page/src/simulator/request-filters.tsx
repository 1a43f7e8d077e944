import { useEffect, useState } from 'preact/hooks';
import { addressOf } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { useFilter, usePrivateFilter } from '../app/routes.ts';
import { Input, Select } from '../parts/fields.tsx';
import type { CoverageAnswer } from './coverage-answer.ts';
import { kept, type Listed } from './listed.ts';
import { type Journal, useJournal } from './use-journal.ts';

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

/** The requests that match the filters. */
interface Filtered extends Journal {
  /** The number of requests of which these are a part. */
  readonly kept: number;
  /** What is wrong with the filters, by their names; nothing is searched then. */
  readonly problems: Readonly<Record<string, string>>;
}

/** The requests that match: live without filters, read every five seconds with them. */
export function useFiltered(server: Server, { query }: Filters): Filtered {
  const live = useJournal(server);
  const settled = useSettled(query);
  const path = settled === '' ? undefined : `_sim/requests?limit=${kept}${settled}`;
  const { data, error } = usePolled<{ requests: Listed; kept: number }>(server, path, 5_000);
  if (path === undefined) return { ...live, kept: live.entries?.length ?? 0, problems: {} };
  const problems = Object.fromEntries(error?.faults.map(({ field, message }) => [field, message]) ?? []);
  return { entries: data?.requests, error: error?.message, kept: data?.kept ?? 0, problems };
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

interface RequestFiltersProps {
  readonly server: Server;
  readonly of: Filters;
  readonly problems: Filtered['problems'];
}

export function RequestFilters({ server, of: filters, problems }: RequestFiltersProps) {
  const coverage = usePolled<CoverageAnswer>(server, '_sim/coverage', 60_000).data;
  const routes = coverage?.routes.map(({ id }) => id) ?? [];
  const { route, verdict, status, contains } = filters;
  return (
    <div class="row filters">
      <Select
        label="Route"
        value={route.value}
        onValue={route.set}
        options={[['', 'any'], ...[...new Set(routes)].map(id => [id, id] as const)]}
        problem={problems.route}
      />
      <Select
        label="Outcome"
        value={verdict.value}
        onValue={verdict.set}
        options={verdicts}
        problem={problems.verdict}
      />
      <Input
        label="Status"
        value={status.value}
        onValue={status.set}
        size={8}
        placeholder="such as 200"
        problem={problems.status}
      />
      <Input label="Body contains" value={contains.value} onValue={contains.set} size={24} />
      {Object.keys(problems).length === 0 && (
        <a
          class="button"
          href={addressOf(server, `_sim/requests.har?limit=${kept}${filters.query}`)}
          download={`${server.name}.har`}
        >
          Export as HAR
        </a>
      )}
    </div>
  );
}
