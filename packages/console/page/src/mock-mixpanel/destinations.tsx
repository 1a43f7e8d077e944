import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { farAddress, sentMembers } from '../parts/far-address.tsx';
import { Where } from '../parts/form.tsx';
import { count } from '../parts/format.ts';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { ConnectForm } from './connect-form.tsx';
import type { Destination } from './destination.ts';
import { BrazeProblem, DestinationState } from './destination-state.tsx';

/** Data → Destinations: the connections to Braze. */
export function Destinations({ server, id }: ViewProps) {
  const [, navigate] = useLocation();
  const destinations = usePolled<readonly Destination[]>(server, '_sim/destinations');
  const list = routeOf(server.name, 'destinations');
  return (
    <>
      <Where of={['Data', 'Destinations', 'Braze']} />
      <p class="quiet">
        Connections to Braze that a cohort can be exported to. Until July 2026 Mixpanel called this page
        Integrations.
      </p>
      <Loaded of={destinations}>
        {all => {
          const opened = all.find(each => each.id === id);
          return (
            <Split
              id={id}
              title={id === 'new' ? 'Connect Braze' : opened ? <Text of={opened.name} length={80} /> : id}
              back={list}
              detail={
                id === 'new' ? (
                  <ConnectForm
                    server={server}
                    onConnected={async made => {
                      await destinations.reload();
                      navigate(routeOf(server.name, 'destinations', made.id));
                    }}
                  />
                ) : opened ? (
                  <DestinationCard server={server} of={opened} onChange={destinations.reload} />
                ) : (
                  <Missing>
                    There is no destination <Code of={id ?? ''} />.
                  </Missing>
                )
              }
            >
              <p class="row">
                <Link class="button primary" href={routeOf(server.name, 'destinations', 'new')}>
                  Connect Braze
                </Link>
              </p>
              {all.length === 0 ? (
                <Empty>
                  No destinations yet. Connect Braze with the key of its Technology Partners page.
                </Empty>
              ) : (
                <Table
                  label="Destinations"
                  rows={all}
                  keyOf={each => each.id}
                  opens={each => routeOf(server.name, 'destinations', each.id)}
                  opened={id}
                  columns={[
                    { name: 'Name', kind: 'main', cell: each => <Text of={each.name} length={80} /> },
                    { name: 'State', kind: 'state', cell: each => <DestinationState of={each} /> },
                    { name: 'REST endpoint', kind: 'main', cell: each => <Text of={each.restEndpoint} /> },
                    { name: 'Syncs', kind: 'number', cell: each => count(each.syncs.length) },
                    { name: 'Connected', cell: each => <When at={each.connectedAt} /> },
                  ]}
                />
              )}
            </Split>
          );
        }}
      </Loaded>
    </>
  );
}

interface DestinationCardProps {
  readonly server: Server;
  readonly of: Destination;
  readonly onChange: () => Promise<void>;
}

function DestinationCard({ server, of, onChange }: DestinationCardProps) {
  const [, navigate] = useLocation();
  const disconnect = async () => {
    await call(server, `_sim/destinations/${of.id}`, { method: 'DELETE' });
    await onChange();
    navigate(routeOf(server.name, 'destinations'));
    return undefined;
  };
  const { lastRun } = of;
  return (
    <>
      <p>
        <DestinationState of={of} />
      </p>
      {farAddress(of.restEndpoint, sentMembers)}
      {lastRun === null && (
        <p class="quiet">
          Mixpanel does not check the key when it connects. The {of.syncs.length === 0 ? 'first' : 'next'} run
          of a sync shows whether Braze accepts it.
        </p>
      )}
      {lastRun !== null && lastRun.error !== null && (
        <BrazeProblem
          {...{ status: lastRun.status, error: lastRun.error }}
          then={
            <>
              reconnect here and start{' '}
              <Link href={routeOf(server.name, 'syncs', lastRun.sync)}>{lastRun.sync}</Link> again
            </>
          }
        />
      )}
      <Facts
        of={[
          ['REST endpoint', <Text key="endpoint" of={of.restEndpoint} length={600} />],
          ['Connected', <When key="at" at={of.connectedAt} full />],
          [
            'Cohort syncs',
            of.syncs.length === 0
              ? 'none yet'
              : of.syncs.map(sync => (
                  <Link key={sync} href={routeOf(server.name, 'syncs', sync)}>
                    {sync}{' '}
                  </Link>
                )),
          ],
          ['ID', <Code key="id" of={of.id} />],
        ]}
      />
      <div class="row">
        <Link class="button" href={routeOf(server.name, 'cohorts')}>
          Choose a cohort to export
        </Link>
      </div>
      <Part title="Reconnect, for example with a renewed key">
        <ConnectForm key={of.id} server={server} existing={of} onConnected={onChange} />
      </Part>
      <div class="row">
        <Action look="danger" confirm={`Disconnect ${of.name.slice(0, 80)}?`} run={disconnect}>
          Disconnect
        </Action>
      </div>
    </>
  );
}
