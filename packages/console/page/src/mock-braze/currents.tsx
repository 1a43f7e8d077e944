import { useLocation } from 'wouter-preact';
import { usePolled } from '../api/use-polled.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { count } from '../parts/format.ts';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { CreateCurrentForm } from './create-current-form.tsx';
import type { Current } from './current.ts';
import { CurrentCard } from './current-card.tsx';
import { CurrentState, LastAnswer } from './current-state.tsx';
import { Emit } from './emit.tsx';

/** The Currents of Braze, and a form that emits events. */
export function Currents({ server, id }: ViewProps) {
  const [, navigate] = useLocation();
  const currents = usePolled<readonly Current[]>(server, '_sim/currents');
  return (
    <>
      <Emit server={server} onEmitted={currents.reload} />
      <Loaded of={currents}>
        {all => {
          const opened = all.find(each => each.id === id);
          return (
            <Split
              id={id}
              title={
                id === 'new' ? (
                  'Create Current'
                ) : opened ? (
                  <Text of={opened.name} length={80} />
                ) : (
                  <Text of={`Current ${id}`} length={80} />
                )
              }
              back={routeOf(server.name, 'currents')}
              detail={
                id === 'new' ? (
                  <CreateCurrentForm
                    server={server}
                    onCreated={async made => {
                      await currents.reload();
                      navigate(routeOf(server.name, 'currents', made.id));
                    }}
                  />
                ) : opened ? (
                  <CurrentCard server={server} current={opened} onChange={currents.reload} />
                ) : (
                  <Missing>
                    There is no Current <Code of={id ?? ''} />.
                  </Missing>
                )
              }
            >
              <p class="row">
                <Link class="button primary" href={routeOf(server.name, 'currents', 'new')}>
                  Create Current
                </Link>
              </p>
              {all.length === 0 ? (
                <Empty>No Currents yet. Create one to send events to an endpoint or to Mixpanel.</Empty>
              ) : (
                <Table
                  label="Currents"
                  rows={all}
                  keyOf={each => each.id}
                  opens={each => routeOf(server.name, 'currents', each.id)}
                  opened={id}
                  columns={[
                    { name: 'Name', kind: 'main', cell: each => <Text of={each.name} length={80} /> },
                    { name: 'State', kind: 'state', cell: each => <CurrentState of={each} /> },
                    { name: 'Sent', kind: 'number', cell: each => count(each.sent) },
                    { name: 'Queued', kind: 'number', cell: each => count(queued(each)) },
                    { name: 'Last answer', cell: each => <LastAnswer of={each} /> },
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

const queued = ({ queues }: Current): number =>
  queues.reduce((all, { pending, waiting, held }) => all + pending + waiting + held, 0);
