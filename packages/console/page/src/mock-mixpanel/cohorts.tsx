import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Ids } from '../parts/ids.tsx';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { CohortForm, MembersForm } from './cohort-form.tsx';
import { ExportForm } from './export-form.tsx';

interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly created: string;
  readonly count: number;
  readonly rule?: unknown;
  readonly members?: readonly { readonly distinct_id: string }[];
}

/** The cohorts of Mixpanel. */
export function Cohorts({ server, id }: ViewProps) {
  const [, navigate] = useLocation();
  const cohorts = usePolled<readonly Cohort[]>(server, '_sim/cohorts?members=false');
  const opened = cohorts.data?.find(each => String(each.id) === id);
  return (
    <Split
      id={id}
      title={id === 'new' ? 'Create cohort' : <Text of={opened?.name ?? `Cohort ${id}`} length={80} />}
      back={routeOf(server.name, 'cohorts')}
      detail={
        id === 'new' ? (
          <CohortForm
            server={server}
            onCreated={async made => {
              await cohorts.reload();
              navigate(routeOf(server.name, 'cohorts', String(made)));
            }}
          />
        ) : opened ? (
          <CohortCard server={server} id={String(opened.id)} onChange={cohorts.reload} />
        ) : (
          <Loaded of={cohorts}>
            {() => (
              <Missing>
                There is no cohort <Code of={id ?? ''} />.
              </Missing>
            )}
          </Loaded>
        )
      }
    >
      <p class="row">
        <Link class="button primary" href={routeOf(server.name, 'cohorts', 'new')}>
          Create cohort
        </Link>
      </p>
      <Loaded of={cohorts}>
        {all =>
          all.length === 0 ? (
            <Empty>No cohorts yet. Create one, then export it to Braze.</Empty>
          ) : (
            <Table
              label="Cohorts"
              rows={all}
              keyOf={each => each.id}
              opens={each => routeOf(server.name, 'cohorts', String(each.id))}
              opened={id}
              columns={[
                { name: 'Name', kind: 'main', cell: each => <Text of={each.name} /> },
                { name: 'ID', kind: 'number', cell: each => each.id },
                { name: 'Members', kind: 'number', cell: each => count(each.count) },
                { name: 'By', cell: each => (each.rule === undefined ? 'list' : 'rule') },
                { name: 'Created', cell: each => <When at={each.created} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Split>
  );
}

interface CohortCardProps {
  readonly server: Server;
  readonly id: string;
  readonly onChange: () => Promise<void>;
}

function CohortCard({ server, id, onChange }: CohortCardProps) {
  const [, navigate] = useLocation();
  const remove = async () => {
    await call(server, `_sim/cohorts/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await onChange();
    navigate(routeOf(server.name, 'cohorts'));
    return undefined;
  };
  const cohort = usePolled<Cohort>(server, `_sim/cohorts/${encodeURIComponent(id)}`, 5_000);
  return (
    <Loaded of={cohort}>
      {({ created, description, count: members, members: list = [], rule }) => (
        <>
          <Facts
            of={[
              ['Members', count(members)],
              ['Created', <When key="created" at={created} full />],
              [
                'Description',
                description === '' ? '—' : <Text key="description" of={description} length={600} />,
              ],
            ]}
          />
          <div class="row">
            <Elsewhere server="service" view="cohorts" id={`default:${id}`}>
              Its sync in the service
            </Elsewhere>
          </div>
          <Part title="Export to Braze">
            <ExportForm
              key={id}
              server={server}
              cohort={id}
              onStarted={async sync => {
                await onChange();
                navigate(routeOf(server.name, 'syncs', sync.id));
              }}
            />
          </Part>
          {rule === undefined ? (
            <Part title="Members">
              <MembersForm key={id} server={server} cohort={id} onChange={onChange} />
            </Part>
          ) : (
            <Json title="Rule" value={rule} />
          )}
          <Ids title="Distinct IDs of the members" of={list.map(each => each.distinct_id)} />
          <div class="row">
            <Action
              look="danger"
              confirm="Delete this cohort? Its syncs fail from their next run on."
              run={remove}
            >
              Delete cohort
            </Action>
          </div>
        </>
      )}
    </Loaded>
  );
}
