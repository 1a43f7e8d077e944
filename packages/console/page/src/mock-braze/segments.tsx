import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Facts } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Ids } from '../parts/ids.tsx';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';

type Filter =
  | { readonly type: 'mixpanel_cohort'; readonly operator: string; readonly cohort: string }
  | { readonly type: 'custom_attribute'; readonly name: string };

interface Segment {
  readonly id: string;
  readonly name: string;
  readonly filter: Filter;
  /** Members now; `null` where several cohorts have the name in the filter. */
  readonly count: number | null;
}

/** The segments of Braze with their numbers of members. */
export function Segments({ server, id }: ViewProps) {
  const segments = usePolled<readonly Segment[]>(server, '_sim/segments');
  return (
    <Loaded of={segments}>
      {all => {
        const opened = all.find(each => each.id === id);
        return (
          <Split
            id={id}
            title={opened ? <Text of={opened.name} length={80} /> : <Text of={`Segment ${id}`} length={80} />}
            back={routeOf(server.name, 'segments')}
            detail={
              opened ? (
                <SegmentCard server={server} segment={opened} />
              ) : (
                <Missing>
                  There is no segment <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            {all.length === 0 ? (
              <Empty>
                No segments yet. Create one with <code>POST /_sim/segments</code>.
              </Empty>
            ) : (
              <Table
                label="Segments"
                rows={all}
                keyOf={each => each.id}
                opens={each => routeOf(server.name, 'segments', each.id)}
                opened={id}
                columns={[
                  { name: 'Name', kind: 'main', cell: each => <Text of={each.name} /> },
                  { name: 'Filter', kind: 'main', cell: each => <Text of={filterOf(each.filter)} /> },
                  { name: 'Members', kind: 'number', cell: each => count(each.count) },
                ]}
              />
            )}
          </Split>
        );
      }}
    </Loaded>
  );
}

function SegmentCard({ server, segment }: { server: Server; segment: Segment }) {
  const members = usePolled<readonly string[]>(
    server,
    `_sim/segments/${encodeURIComponent(segment.id)}/members`,
    5_000,
  );
  return (
    <>
      <Facts
        of={[
          ['Filter', <Text key="filter" of={filterOf(segment.filter)} length={600} />],
          ['Members now', count(segment.count)],
          ['ID', <Code key="id" of={segment.id} />],
        ]}
      />
      <Loaded of={members}>{ids => <Ids title="External IDs of the members" of={ids} />}</Loaded>
    </>
  );
}

/** A filter in the words of Braze's page. */
function filterOf(filter: Filter): string {
  if (filter.type === 'custom_attribute') return `Custom attribute ${filter.name} is true`;
  return `Mixpanel_Cohorts ${filter.operator.replaceAll('_', ' ')} ${filter.cohort}`;
}
