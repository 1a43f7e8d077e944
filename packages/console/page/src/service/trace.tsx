import { useEffect, useState } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf, usePrivateFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Search } from '../parts/fields.tsx';
import { counted, visible } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Pages } from '../parts/pages.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { type Status, sum } from './status.ts';
import { copyOf, isCut, type Membership, mostInList, stateOf, type TracedEvent } from './traced-events.ts';
import { type Found, useTrace } from './use-trace.ts';

/**
 * What the service knows of one user: each stored event and cohort membership, with reasons. The ID is in the
 * fragment of the address and in the body of the request, which no log has.
 */
export function Trace({ server }: ViewProps) {
  const [user, setUser] = usePrivateFilter('user');
  const [before, setBefore] = usePrivateFilter('before');
  const [typed, setTyped] = useState(user);
  useEffect(() => setTyped(user), [user]);
  const { polled, isFetching } = useTrace(server, user, before);
  return (
    <>
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          if (typed === user && before === '') void polled.reload();
          setBefore('');
          setUser(typed);
        }}
      >
        <Search label="External ID" placeholder="External ID of a user" value={typed} onValue={setTyped} />
        <button type="submit" class="primary" disabled={typed === ''} aria-busy={isFetching}>
          Trace
        </button>
      </form>
      <Unseen of={typed} />
      {user === '' ? (
        <Empty>
          Enter the external ID of a user in Braze, which is the distinct ID in Mixpanel: the service lists
          their stored events and cohort memberships, and says why each is where it is.
        </Empty>
      ) : (
        <Loaded of={polled}>
          {data => (
            <Result found={data} server={server} user={user} before={before} isSearching={isFetching} />
          )}
        </Loaded>
      )}
    </>
  );
}

/** An ID with characters that cannot be seen, or with space around it, as it is: another ID looks the same. */
const Unseen = ({ of }: { of: string }) =>
  of.trim() === visible(of) ? null : (
    <p class="line">
      <Chip tone="warn">Unseen characters</Chip>
      <span>
        The ID has characters that cannot be seen, or spaces around it: <Code of={`“${of}”`} />
      </span>
    </p>
  );

interface ResultProps {
  readonly found: Found;
  readonly server: Server;
  readonly user: string;
  /** Cursor of an older page; empty on the first one. */
  readonly before: string;
  readonly isSearching: boolean;
}

function Result({ found: { events, isKept, older, rest }, server, user, before, isSearching }: ResultProps) {
  const isNewest = before === '';
  const routeOfPage = (cursor?: string) =>
    routeOf(
      server.name,
      'trace',
      undefined,
      `#${new URLSearchParams({ user, ...(cursor !== undefined && { before: cursor }) })}`,
    );
  return (
    <>
      {isNewest && rest === undefined && isSearching && <Searching server={server} />}
      {rest?.forgotten && (
        <p class="line">
          <Chip tone="warn">Forgotten</Chip>
          <span>
            This user was forgotten, <When at={rest.forgotten.at} none="when is not known" />: later events
            are skipped.
          </span>
          {rest.forgotten.at !== null && (
            <Link href={routeOf(server.name, 'forgotten', rest.forgotten.receipt)}>Open the receipt</Link>
          )}
        </p>
      )}
      {rest !== undefined && isCut(rest) && (
        <p class="line">
          <Chip tone="warn">Incomplete</Chip> This user has {mostInList} or more waiting events or dead
          letters: the oldest waiting ones and the newest dead letters are shown.
        </p>
      )}
      <Part title={isNewest ? 'Events' : 'Older delivered events'} aside={<Code of={user} />} level="h2">
        {!isKept && (
          <p class="quiet">
            Delivered events are not stored, so they are not known here. Set <code>DELIVERED_RETENTION</code>{' '}
            to trace them.
          </p>
        )}
        {events.length > 0 ? (
          <EventTable events={events} server={server.name} />
        ) : (
          (rest !== undefined || !isNewest) && <Empty>{nothing(isKept, isNewest)}</Empty>
        )}
        <Pages
          newest={routeOfPage()}
          older={older === null ? undefined : routeOfPage(older)}
          isNewest={isNewest}
        />
      </Part>
      {rest !== undefined && (
        <Part title="Cohort memberships" level="h2">
          {rest.cohorts.length === 0 ? (
            <Empty>This user is in no cohort sync.</Empty>
          ) : (
            <CohortTable memberships={rest.cohorts} server={server.name} />
          )}
        </Part>
      )}
    </>
  );
}

function nothing(isKept: boolean, isNewest: boolean): string {
  if (!isNewest) return 'No older delivered events of this user.';
  return isKept ? 'No stored events of this user.' : 'No waiting events and no dead letters of this user.';
}

/** What is still searched, while the delivered events are there already. */
function Searching({ server }: { server: Server }) {
  const status = usePolled<Status>(server, 'status');
  const connections = Object.values(status.data?.connections ?? {});
  const pending = connections.reduce((all, each) => all + each.pending.events, 0);
  const dead = connections.reduce((all, each) => all + sum(each.deadLettered), 0);
  return (
    <p class="line" role="status">
      <Chip tone="busy">Searching</Chip>
      <span>
        {status.data === undefined
          ? 'Waiting events, dead letters and cohorts are read one by one.'
          : `${counted(pending, 'waiting event')}, ${counted(dead, 'dead letter')} and the cohorts are read one by one.`}
      </span>
    </p>
  );
}

function EventTable({ events, server }: { events: readonly TracedEvent[]; server: string }) {
  const isOne = new Set(events.map(({ connection }) => connection)).size === 1;
  return (
    <Table
      label="Events"
      rows={events}
      keyOf={({ key }) => key}
      columns={[
        { name: 'Event', kind: 'main', cell: event => <Named of={event} /> },
        { name: 'State', kind: 'state', cell: event => <State of={event} /> },
        { name: 'Event time', cell: ({ time }) => <When at={time} /> },
        { name: 'Why', kind: 'main', cell: event => <Why of={event} server={server} /> },
        ...(isOne
          ? []
          : [
              {
                name: 'Connection',
                cell: ({ connection }: TracedEvent) => <Text of={connection} length={40} />,
              },
            ]),
      ]}
    />
  );
}

function State({ of }: { of: TracedEvent }) {
  const [tone, text] = stateOf(of);
  return <Chip tone={tone}>{text}</Chip>;
}

const Named = ({ of: { eventType, id } }: { of: TracedEvent }) => (
  <span>
    {eventType === null ? 'Data outside the events' : <Code of={eventType} />}
    {id !== null && (
      <small class="quiet">
        {' '}
        <Code of={id} />
      </small>
    )}
  </span>
);

interface WhyProps {
  readonly of: TracedEvent;
  readonly server: string;
}

const Why = ({ of: { state, id, letter, detail, at, history }, server }: WhyProps) => (
  <span>
    {letter !== undefined && (
      <>
        <Link href={routeOf(server, 'dead-letters', String(letter))}>Dead letter {letter}</Link>:{' '}
      </>
    )}
    <Text of={detail} />
    {at !== null && (
      <>
        {' · '}
        <When at={at} />
      </>
    )}
    {history.map((past, index) => (
      <small key={`${index}`} class="quiet">
        {' · '}
        {copyOf(past)}: {stateOf(past)[1].toLowerCase()} <When at={past.at} none="" />
      </small>
    ))}
    {state === 'accepted' && id !== null && (
      <>
        {' '}
        <Elsewhere server="mock-mixpanel" view="events" id={id} isInline>
          In Mixpanel
        </Elsewhere>
      </>
    )}
  </span>
);

const CohortTable = ({ memberships, server }: { memberships: readonly Membership[]; server: string }) => (
  <Table
    label="Cohort memberships"
    rows={memberships}
    keyOf={({ sync, as }) => `${sync} ${as}`}
    opens={({ sync }) => routeOf(server, 'cohorts', sync)}
    columns={[
      { name: 'Cohort', cell: ({ name }) => <Text of={name} length={60} /> },
      { name: 'As', cell: ({ as }) => <Code of={as} /> },
      {
        name: "Mixpanel's newest list",
        cell: ({ inMixpanel, mixpanelReadAt }) => (
          <>
            {inMixpanel ? 'has the user' : 'does not'} · read{' '}
            <When at={mixpanelReadAt} none="at a time not known" />
          </>
        ),
      },
      {
        name: 'Accepted by Braze',
        cell: ({ inBraze, refused }) => (refused ? 'refused' : inBraze ? 'yes' : 'no'),
      },
      { name: 'Why', kind: 'main', cell: ({ why }) => <Text of={why} length={300} /> },
    ]}
  />
);
