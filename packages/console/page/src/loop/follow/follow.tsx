import { useState } from 'preact/hooks';
import { usePolled } from '../../api/use-polled.ts';
import { about } from '../../app/about.ts';
import { Link } from '../../app/link.tsx';
import { routeOf, usePrivateFilter } from '../../app/routes.ts';
import type { ViewProps } from '../../app/view-props.ts';
import { searchesElsewhere } from '../../palette/searches.ts';
import { Chip } from '../../parts/chip.tsx';
import { Search } from '../../parts/fields.tsx';
import { count, inWords } from '../../parts/format.ts';
import { Fresh } from '../../parts/fresh.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty, Loaded } from '../../parts/loaded.tsx';
import { Table } from '../../parts/table.tsx';
import { Text } from '../../parts/text.tsx';
import { useHeld } from '../../parts/use-held.ts';
import { When } from '../../parts/when.tsx';
import { type Followed, stateOf } from './followed.ts';
import { FollowedPage } from './followed-page.tsx';

/** Most listed events. */
const listed = 200;

/** The stream of events through the service; an opened one is followed from Braze to Mixpanel. */
export function Follow({ id }: ViewProps) {
  const service = about().servers.find(({ kind }) => kind === 'service');
  const [wanted, setWanted] = usePrivateFilter('search');
  const search = wanted === '' ? '' : `#search=${encodeURIComponent(wanted)}`;
  if (service === undefined) return <Empty>This console does not show a service.</Empty>;
  if (id !== undefined)
    return <FollowedPage service={service} id={id} back={routeOf('sandbox', 'events', undefined, search)} />;
  return <Stream service={service} wanted={wanted} setWanted={setWanted} search={search} />;
}

interface StreamProps {
  readonly service: ViewProps['server'];
  readonly wanted: string;
  readonly setWanted: (value: string) => void;
  readonly search: string;
}

function Stream({ service, wanted, setWanted, search }: StreamProps) {
  const [isPaused, setPaused] = useState(false);
  const answer = usePolled<{
    readonly keeps: boolean;
    readonly since: string | null;
    readonly events: readonly Followed[];
  }>(service, 'api/traffic/events', 2_000, { search: wanted, newest: listed });
  return (
    <>
      <div class="row">
        <Search
          label="Search events"
          placeholder="External ID, $insert_id, event, campaign or reason"
          value={wanted}
          onValue={setWanted}
        />
        <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          <Icon name={isPaused ? 'play' : 'pause'} />
          {isPaused ? 'Continue' : 'Pause'}
        </button>
      </div>
      <Loaded of={answer}>
        {({ keeps, since, events }) =>
          keeps ? (
            <Events since={since} events={events} isPaused={isPaused} wanted={wanted} search={search} />
          ) : (
            <Empty>
              The service keeps no recent traffic, so single events are not known here. Set{' '}
              <code>KEEP_TRAFFIC</code> and restart it.
            </Empty>
          )
        }
      </Loaded>
    </>
  );
}

interface EventsProps {
  /** When the oldest kept event was accepted; `null` where none is kept. */
  readonly since: string | null;
  readonly events: readonly Followed[];
  readonly isPaused: boolean;
  readonly wanted: string;
  readonly search: string;
}

function Events({ since, events, isPaused, wanted, search }: EventsProps) {
  const { rows, fresh, release } = useHeld(events, ({ id }) => id, isPaused, wanted);
  return (
    <>
      <div class="row">
        <span class="quiet">
          {events.length === listed ? `The newest ${count(listed)}` : count(events.length)}
          {wanted === '' ? ' kept events' : ' kept events that match'}
        </span>
        <Fresh number={fresh} noun="newer event" release={release} />
      </div>
      {rows.length === 0 ? (
        <NoneMatches since={since} wanted={wanted} />
      ) : (
        <Table
          label="Events"
          rows={rows}
          keyOf={({ id }) => id}
          opens={({ id }) => routeOf('sandbox', 'events', id, search)}
          columns={[
            { name: 'Event', kind: 'main', cell: ({ name }) => <Text of={name} length={80} /> },
            { name: 'Became', kind: 'state', cell: each => <Became of={each} /> },
            { name: 'User', cell: ({ user }) => <Text of={user ?? '—'} length={40} /> },
            { name: 'Campaign', cell: ({ campaign }) => <Text of={campaign ?? '—'} length={30} /> },
            { name: 'Accepted', cell: ({ receivedAt }) => <When at={receivedAt} /> },
          ]}
        />
      )}
    </>
  );
}

/** Nothing kept matches: where else it may be. */
const NoneMatches = ({ since, wanted }: Pick<EventsProps, 'since' | 'wanted'>) => (
  <>
    <Empty>
      {wanted !== '' && 'No kept event matches. '}
      {wanted === '' || since === null ? (
        nothingKept
      ) : (
        <>
          The oldest kept one was accepted <When at={since} />. Earlier ones are not kept.
        </>
      )}
    </Empty>
    <ul>
      {searchesElsewhere(wanted).map(({ key, title, place, route }) => (
        <li key={key}>
          <Link href={route}>
            {title} <span class="quiet">{place}</span>
          </Link>
        </li>
      ))}
    </ul>
  </>
);

/** An empty list does not say that no event was accepted. */
const nothingKept =
  'No events are kept now. The service keeps an accepted event until newer ones take its place, it restarts, or a user is forgotten.';

/** What became of an event, with the reason where it is not in Mixpanel. */
function Became({ of }: { of: Followed }) {
  const [tone, text] = stateOf(of);
  const isReasoned = of.state === 'skipped' || of.state === 'dead';
  return (
    <Chip tone={tone}>{isReasoned && of.reason !== null ? `${text}: ${inWords(of.reason)}` : text}</Chip>
  );
}
