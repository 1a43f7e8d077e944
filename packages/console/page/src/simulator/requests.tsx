import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf, usePrivateFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { Facts } from '../parts/facts.tsx';
import { Search } from '../parts/fields.tsx';
import { bytes, count, milliseconds } from '../parts/format.ts';
import { Fresh } from '../parts/fresh.tsx';
import { Empty, Loaded, Problem } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { useHeld } from '../parts/use-held.ts';
import { When } from '../parts/when.tsx';
import { type JournalEntry, type ListedRequest, searched } from './request.ts';
import { useJournal } from './use-journal.ts';

/** A live list of requests to the simulator; the opened one stays where it is. */
export function Requests({ server, id }: ViewProps) {
  const { entries, error } = useJournal(server);
  const [wanted, setWanted] = usePrivateFilter('search');
  const found = useMemo(
    () => entries?.filter(entry => searched(entry).includes(wanted.toLowerCase())) ?? [],
    [entries, wanted],
  );
  const { rows, fresh, release } = useHeld(found, entry => entry.sequence, id !== undefined, wanted);
  const search = wanted === '' ? '' : `#search=${encodeURIComponent(wanted)}`;
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
            {count(found.length)} of the last {count(entries.length)}
          </span>
        )}
        <Fresh number={fresh} noun="new request" release={release} />
      </div>
      {error !== undefined && <Problem>{error}</Problem>}
      {entries === undefined ? (
        error === undefined && <p class="loading">Loading …</p>
      ) : (
        <div class={error === undefined ? 'content' : 'content outdated'}>
          {rows.length === 0 ? (
            <Empty>{wanted === '' ? 'No requests yet.' : 'No request matches the search.'}</Empty>
          ) : (
            <RequestTable server={server} id={id} rows={rows} search={search} />
          )}
        </div>
      )}
    </Split>
  );
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
        { name: 'Time', kind: 'number', cell: entry => milliseconds(entry.durationMs) },
        { name: 'Size', kind: 'number', cell: entry => bytes(entry.bodyBytes) },
        { name: 'Received', cell: entry => <When at={entry.at} /> },
      ]}
    />
  );
}

const Verdict = ({ of: { status, verdict, faults } }: { of: ListedRequest }) => (
  <>
    <Chip tone={verdict === 'accepted' ? 'good' : verdict === 'refused' ? 'warn' : 'bad'}>{status}</Chip>
    {faults.length > 0 && (
      <span class="struck">
        <Chip tone="bad" icon="bolt">
          {faults.join(', ')}
        </Chip>
      </span>
    )}
  </>
);

function RequestCard({ server, id }: { server: Server; id: string }) {
  const entry = usePolled<JournalEntry>(server, `_sim/requests/${encodeURIComponent(id)}`, 60_000);
  return (
    <Loaded of={entry}>
      {data => (
        <>
          <Facts
            of={[
              ['Request', <Code key="request" of={`${data.method} ${data.path}`} />],
              ['Answer', <Verdict key="answer" of={data} />],
              [
                'Rule',
                data.rule === null ? (
                  'none: an ordinary request'
                ) : (
                  <Text key="rule" of={data.rule} length={600} />
                ),
              ],
              [
                'Faults',
                data.faults.length === 0 ? (
                  'none'
                ) : (
                  <Link key="faults" href={routeOf(server.name, 'faults')}>
                    {data.faults.join(', ')}
                  </Link>
                ),
              ],
              [
                'Route',
                data.route === null ? 'none: not a path of the vendor' : <Code key="route" of={data.route} />,
              ],
              ['Received', <When key="received" at={data.at} full />],
              ['Took', milliseconds(data.durationMs)],
              ['Body', isUnread(data) ? 'not kept' : bytes(data.bodyBytes)],
              ...(data.query === '' ? [] : ([['Query', <Code key="query" of={data.query} />]] as const)),
            ]}
          />
          <Json title="Headers" value={data.headers} />
          <Json title="Body" value={formatted(data)} />
        </>
      )}
    </Loaded>
  );
}

/** Whether a request announced a body of which the journal has nothing. */
const isUnread = ({ bodyBytes, headers }: JournalEntry): boolean =>
  bodyBytes === 0 &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);

/** JSON with line breaks; any other text as it is. */
function formatted(entry: JournalEntry): unknown {
  const { body } = entry;
  if (entry.bodyBytes === 0 && !isUnread(entry)) return 'The request had no body.';
  if (body === null) return 'The journal does not have the body: it was dropped or unreadable.';
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
