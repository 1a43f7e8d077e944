import { useMemo, useRef } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere, TraceOf } from '../app/elsewhere.tsx';
import { routeOf, useFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Facts } from '../parts/facts.tsx';
import { Search } from '../parts/fields.tsx';
import { counted } from '../parts/format.ts';
import { Fresh } from '../parts/fresh.tsx';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { useHeld } from '../parts/use-held.ts';
import { When } from '../parts/when.tsx';
import { keptNote } from './kept-note.ts';

interface StoredEvent {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Most listed events. */
const listed = 200;

interface Answer {
  readonly events: readonly StoredEvent[];
  readonly raw: number;
  readonly unique: number;
}

/** Identity of a stored event in addresses: its `$insert_id`, otherwise a hash, since an address may not have the ID of a user. */
const keyOf = ({ event, properties: { $insert_id, distinct_id, time } }: StoredEvent): string =>
  typeof $insert_id === 'string' ? $insert_id : hashOf(JSON.stringify([event, distinct_id, time]));

/** FNV-1a of 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return `h${hash.toString(16)}`;
}

/** The imported events, newest first; the opened one stays that event. */
export function Events({ server, id }: ViewProps) {
  const [name, setName] = useFilter('event');
  const answer = usePolled<Answer>(
    server,
    `_sim/events?newest=${listed}${name === '' ? '' : `&event=${encodeURIComponent(name)}`}`,
  );
  const opened = useOpened(server, answer.data?.events, id);
  const search = name === '' ? '' : `?event=${encodeURIComponent(name)}`;
  return (
    <Split
      id={id}
      title={opened ? <Text of={opened.event} length={80} /> : 'Event'}
      back={routeOf(server.name, 'events', undefined, search)}
      detail={
        opened ? (
          <EventCard of={opened} />
        ) : (
          <Loaded of={answer}>{({ raw }) => <NotListed id={id ?? ''} raw={raw} />}</Loaded>
        )
      }
    >
      <div class="row">
        <Search
          label="Search by event name"
          placeholder="Exact event name, such as Email Open"
          value={name}
          onValue={setName}
        />
      </div>
      <Loaded of={answer}>
        {({ events, raw, unique }) => (
          <EventList server={server} id={id} events={events} name={name} search={search}>
            {name === ''
              ? `${counted(unique, 'unique event')}${raw > unique ? `, ${counted(raw, 'row')} with duplicates` : ''}${beside(keptNote(raw))}`
              : `${events.length === listed ? 'The newest ' : ''}${counted(events.length, 'unique event')} of this name`}
          </EventList>
        )}
      </Loaded>
    </Split>
  );
}

/** A further sentence, if there is one. */
const beside = (note: string | undefined): string => (note === undefined ? '' : `. ${note}`);

/** The opened event: of the list, of the earlier ones, or kept when newer ones have pushed it out of the list. */
function useOpened(
  server: Server,
  events: readonly StoredEvent[] | undefined,
  id: string | undefined,
): StoredEvent | undefined {
  const kept = useRef<StoredEvent>(undefined);
  const found = useMemo(() => events?.find(each => keyOf(each) === id), [events, id]);
  const isOlder = events !== undefined && found === undefined && id !== undefined;
  const older = usePolled<Answer>(
    server,
    isOlder ? `_sim/events?newest=1&insert_id=${encodeURIComponent(id)}` : undefined,
    60_000,
  );
  const known = found ?? older.data?.events[0];
  if (known !== undefined) kept.current = known;
  return id !== undefined && kept.current !== undefined && keyOf(kept.current) === id
    ? kept.current
    : undefined;
}

const NotListed = ({ id, raw }: { id: string; raw: number }) => (
  <Missing>
    There is no event <Code of={id} /> among the newest {listed}, and no other has this{' '}
    <code>$insert_id</code>. {keptNote(raw)}
  </Missing>
);

interface EventListProps extends ViewProps {
  readonly events: readonly StoredEvent[];
  readonly name: string;
  readonly search: string;
  readonly children: string;
}

function EventList({ server, id, events, name, search, children }: EventListProps) {
  const { rows, fresh, release } = useHeld(events, keyOf, id !== undefined, name);
  return (
    <>
      <div class="row">
        <span class="quiet">{children}</span>
        <Fresh number={fresh} noun="newer event" release={release} />
      </div>
      {rows.length === 0 ? (
        <Empty>{name === '' ? 'No events yet.' : 'No event has exactly this name.'}</Empty>
      ) : (
        <Table
          label="Events"
          rows={rows}
          keyOf={keyOf}
          opens={each => routeOf(server.name, 'events', keyOf(each), search)}
          opened={id}
          columns={[
            { name: 'Event', kind: 'main', cell: each => <Text of={each.event} length={80} /> },
            {
              name: 'User',
              cell: each => <Text of={String(each.properties.distinct_id ?? '—')} length={40} />,
            },
            { name: 'Event time', cell: each => <When at={momentOf(each)} /> },
          ]}
        />
      )}
    </>
  );
}

/** The time of an event: Mixpanel stores seconds or milliseconds since 1970. */
function momentOf({ properties: { time } }: StoredEvent): number | undefined {
  if (typeof time !== 'number') return undefined;
  return time < 100_000_000_000 ? time * 1_000 : time;
}

function EventCard({ of }: { of: StoredEvent }) {
  const { distinct_id, $insert_id } = of.properties;
  return (
    <>
      <Facts
        of={[
          ['Event', <Text key="event" of={of.event} length={600} />],
          ['User', <Text key="user" of={String(distinct_id ?? '—')} length={600} />],
          ['Event time', <When key="time" at={momentOf(of)} full />],
          ['$insert_id', <Code key="id" of={String($insert_id ?? '—')} />],
        ]}
      />
      <div class="row">
        {typeof distinct_id === 'string' && distinct_id !== '' && <TraceOf user={distinct_id} />}
        <Elsewhere server="mock-braze" view="currents">
          Currents that sent it
        </Elsewhere>
      </div>
      <Json title="As Mixpanel stores it" value={of} />
    </>
  );
}
