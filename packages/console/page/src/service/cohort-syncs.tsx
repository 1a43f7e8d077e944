import { usePolled } from '../api/use-polled.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { count } from '../parts/format.ts';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { CohortSyncCard } from './cohort-sync-card.tsx';
import type { CohortSync, Status } from './status.ts';
import { SyncState } from './sync-state.tsx';

/** The syncs of Mixpanel cohorts into Braze. */
export function CohortSyncs({ server, id }: ViewProps) {
  const status = usePolled<Status>(server, 'status');
  return (
    <Loaded of={status}>
      {({ connections }) => {
        const syncs = Object.values(connections).flatMap(({ cohorts }) => cohorts);
        const opened = syncs.find(sync => sync.id === id);
        return (
          <Split
            id={id}
            title={<Text of={opened?.name ?? `Cohort sync ${id}`} length={80} />}
            back={routeOf(server.name, 'cohorts')}
            detail={
              opened ? (
                <CohortSyncCard server={server} sync={opened} onChange={status.reload} />
              ) : (
                <Missing>
                  There is no cohort sync <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            {syncs.length === 0 ? (
              <Empty>
                No cohort syncs. Configure them with COHORTS, or create one with the command cohorts create.
              </Empty>
            ) : (
              <SyncTable server={server} id={id} syncs={syncs} />
            )}
          </Split>
        );
      }}
    </Loaded>
  );
}

function SyncTable({ server, id, syncs }: ViewProps & { syncs: readonly CohortSync[] }) {
  return (
    <Table
      label="Cohort syncs"
      rows={syncs}
      keyOf={sync => sync.id}
      opens={sync => routeOf(server.name, 'cohorts', sync.id)}
      opened={id}
      columns={[
        { name: 'Cohort', kind: 'main', cell: sync => <Text of={sync.name} length={80} /> },
        { name: 'State', kind: 'state', cell: sync => <SyncState of={sync} /> },
        {
          name: 'In Mixpanel',
          kind: 'number',
          cell: sync => (
            <>
              {count(sync.mixpanelMembers)}
              {sync.mixpanelReadAt !== null && (
                <span class="quiet">
                  {' '}
                  · read <When at={sync.mixpanelReadAt} />
                </span>
              )}
            </>
          ),
        },
        { name: 'Accepted by Braze', kind: 'number', cell: sync => count(sync.brazeMembers) },
        { name: 'Last success', cell: sync => <When at={sync.lastSuccess} none="never" /> },
      ]}
    />
  );
}
