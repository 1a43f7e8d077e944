import { useMemo } from 'preact/hooks';
import { routeOf, usePrivateFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Search } from '../parts/fields.tsx';
import { bytes, count, counted, milliseconds } from '../parts/format.ts';
import { Fresh } from '../parts/fresh.tsx';
import { Empty, Problem } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Text } from '../parts/text.tsx';
import { useHeld } from '../parts/use-held.ts';
import { When } from '../parts/when.tsx';
import { type ListedRequest, searched } from './request.ts';
import { RequestCard } from './request-card.tsx';
import { RequestFilters, useFiltered, useRequestFilters } from './request-filters.tsx';
import { Verdict } from './verdict.tsx';

/** A live list of requests to the simulator; the opened one stays where it is. */
export function Requests({ server, id }: ViewProps) {
  const filters = useRequestFilters();
  const { entries, error, kept, problems } = useFiltered(server, filters);
  const isWrong = Object.keys(problems).length > 0;
  const [wanted, setWanted] = usePrivateFilter('search');
  const found = useMemo(
    () => entries?.filter(entry => searched(entry).includes(wanted.toLowerCase())) ?? [],
    [entries, wanted],
  );
  const { rows, fresh, release } = useHeld(
    found,
    entry => entry.sequence,
    id !== undefined,
    wanted + filters.query,
  );
  // The filters stay while requests are opened and closed.
  const search = location.search + location.hash;
  return (
    <Split
      id={id}
      title={<Text of={`Request ${id}`} length={80} />}
      back={routeOf(server.name, 'requests', undefined, search)}
      detail={id !== undefined && <RequestCard server={server} id={id} />}
    >
      <div class="row">
        <Search
          label="Search requests"
          placeholder="Path, route, status, rule or fault"
          value={wanted}
          onValue={setWanted}
        />
        {entries && (
          <span class="quiet">
            {count(found.length)} of the last {counted(kept, 'request')}
            {filters.query !== '' && (found.length === 1 ? ' matches the filters' : ' match the filters')}
          </span>
        )}
        <Fresh number={fresh} noun="new request" release={release} />
      </div>
      <RequestFilters server={server} of={filters} problems={problems} />
      {error !== undefined && !isWrong && <Problem>{error}</Problem>}
      {isWrong ? (
        <Empty>Nothing is searched. Correct what is marked in the filters.</Empty>
      ) : entries === undefined ? (
        error === undefined && <p class="loading">Loading …</p>
      ) : (
        <div class={error === undefined ? 'content' : 'content outdated'}>
          {rows.length === 0 ? (
            <Empty>{emptyText(wanted, filters.query)}</Empty>
          ) : (
            <RequestTable server={server} id={id} rows={rows} search={search} />
          )}
        </div>
      )}
    </Split>
  );
}

function emptyText(search: string, filters: string): string {
  if (filters !== '') return 'No request matches the filters.';
  return search === '' ? 'No requests yet.' : 'No request matches the search.';
}

function RequestTable({
  server,
  id,
  rows,
  search,
}: ViewProps & { rows: readonly ListedRequest[]; search: string }) {
  return (
    <Table
      label="Requests"
      rows={rows}
      keyOf={entry => entry.sequence}
      opens={entry => routeOf(server.name, 'requests', String(entry.sequence), search)}
      opened={id}
      columns={[
        {
          name: 'Request',
          kind: 'main',
          cell: ({ method, path }) => <Text of={`${method} ${path}`} length={120} />,
        },
        { name: 'Answer', kind: 'state', cell: entry => <Verdict of={entry} /> },
        { name: 'Took', kind: 'number', cell: entry => milliseconds(entry.durationMs) },
        { name: 'Request body', kind: 'number', cell: entry => bytes(entry.bodyBytes) },
        { name: 'Received', cell: entry => <When at={entry.at} /> },
      ]}
    />
  );
}
