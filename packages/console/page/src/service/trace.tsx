import { useQuery } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { type CallError, call } from '../api/call.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { routeOf, usePrivateFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Search } from '../parts/fields.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { type Membership, type Trace as Traced, type TracedEvent, tracedEvents } from './traced-events.ts';

/**
 * What the service knows of one user: each stored event and cohort membership, with reasons. The ID is in the
 * fragment of the address and in the body of the request, which no log has.
 */
export function Trace({ server }: ViewProps) {
  const [user, setUser] = usePrivateFilter('user');
  const [typed, setTyped] = useState(user);
  useEffect(() => setTyped(user), [user]);
  const query = useQuery<Traced, CallError>({
    queryKey: [server.name, 'trace', user],
    queryFn: ({ signal }) =>
      call<Traced>(server, 'api/trace', { method: 'POST', body: { externalId: user }, signal }),
    enabled: user !== '',
  });
  const polled = { data: query.data, dataAt: query.dataUpdatedAt, error: query.error ?? undefined };
  return (
    <>
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          if (typed === user) void query.refetch();
          else setUser(typed);
        }}
      >
        <Search label="External ID" placeholder="External ID of a user" value={typed} onValue={setTyped} />
        <button type="submit" class="primary" disabled={typed === ''} aria-busy={query.isFetching}>
          Trace
        </button>
      </form>
      {user === '' ? (
        <Empty>
          Enter the external ID of a user in Braze, which is the distinct ID in Mixpanel: the service lists
          their stored events and cohort memberships, and says why each is where it is.
        </Empty>
      ) : (
        <Loaded of={{ ...polled, reload: async () => void (await query.refetch()) }}>
          {data => <Found trace={data} server={server.name} />}
        </Loaded>
      )}
    </>
  );
}

function Found({ trace, server }: { trace: Traced; server: string }) {
  const events = tracedEvents(trace);
  const isKept = Object.values(trace.connections).every(({ delivered }) => delivered !== null);
  return (
    <>
      {!trace.complete && (
        <p class="line">
          <Chip tone="warn">Incomplete</Chip> A list shows the oldest 200 events that are kept: this user has
          newer ones.
        </p>
      )}
      <Part title="Events" level="h2">
        {!isKept && (
          <p class="quiet">
            Delivered events are not stored, so they are not known here. Set <code>DELIVERED_RETENTION</code>{' '}
            to trace them.
          </p>
        )}
        {events.length === 0 ? (
          <Empty>
            {isKept
              ? 'No stored events of this user.'
              : 'No pending events and no dead letters of this user.'}
          </Empty>
        ) : (
          <EventTable events={events} server={server} />
        )}
      </Part>
      <Part title="Cohort memberships" level="h2">
        {trace.cohorts.length === 0 ? (
          <Empty>This user is in no cohort sync.</Empty>
        ) : (
          <CohortTable memberships={trace.cohorts} server={server} />
        )}
      </Part>
    </>
  );
}

const tones: Readonly<Record<TracedEvent['kind'], Tone>> = {
  pending: 'busy',
  dead: 'bad',
  sent: 'good',
  skipped: 'warn',
};

function EventTable({ events, server }: { events: readonly TracedEvent[]; server: string }) {
  const isOne = new Set(events.map(({ connection }) => connection)).size === 1;
  return (
    <Table
      label="Events"
      rows={events}
      keyOf={({ key }) => key}
      columns={[
        { name: 'Event', kind: 'main', cell: event => <Named of={event} /> },
        { name: 'State', kind: 'state', cell: ({ kind, state }) => <Chip tone={tones[kind]}>{state}</Chip> },
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

const Why = ({ of: { kind, id, letter, detail, at }, server }: { of: TracedEvent; server: string }) => (
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
    {kind === 'sent' && id !== null && (
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
        cell: ({ inMixpanel }) => (inMixpanel ? 'has the user' : 'does not'),
      },
      {
        name: 'Accepted by Braze',
        cell: ({ inBraze, refused }) => (refused ? 'refused' : inBraze ? 'yes' : 'no'),
      },
      { name: 'Why', kind: 'main', cell: ({ why }) => <Text of={why} length={300} /> },
    ]}
  />
);
