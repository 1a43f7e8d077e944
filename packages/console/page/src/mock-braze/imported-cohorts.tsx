import { usePolled } from '../api/use-polled.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Facts } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Ids } from '../parts/ids.tsx';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';

interface Cohort {
  readonly cohort_id: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** The cohorts that Mixpanel imported into Braze. */
export function ImportedCohorts({ server, id }: ViewProps) {
  const cohorts = usePolled<readonly Cohort[]>(server, '_sim/cohorts');
  return (
    <Loaded of={cohorts}>
      {all => {
        const opened = all.find(each => each.cohort_id === id);
        return (
          <Split
            id={id}
            title={opened ? <Text of={opened.name} length={80} /> : <Text of={`Cohort ${id}`} length={80} />}
            back={routeOf(server.name, 'cohorts')}
            detail={
              opened ? (
                <>
                  <Facts
                    of={[
                      ['ID', <Code key="id" of={opened.cohort_id} />],
                      ['Members', count(opened.members.length)],
                    ]}
                  />
                  <Ids title="External IDs of the members" of={opened.members} />
                </>
              ) : (
                <Missing>
                  There is no imported cohort <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            {all.length === 0 ? (
              <Empty>No imported cohorts yet.</Empty>
            ) : (
              <Table
                label="Imported cohorts"
                rows={all}
                keyOf={each => each.cohort_id}
                opens={each => routeOf(server.name, 'cohorts', each.cohort_id)}
                opened={id}
                columns={[
                  { name: 'Name', kind: 'main', cell: each => <Text of={each.name} /> },
                  { name: 'Members', kind: 'number', cell: each => count(each.members.length) },
                ]}
              />
            )}
          </Split>
        );
      }}
    </Loaded>
  );
}
