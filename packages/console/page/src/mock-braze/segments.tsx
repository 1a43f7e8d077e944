import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Facts } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Ids } from '../parts/ids.tsx';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { filterOf, type Segment } from './segment.ts';
import { SegmentForm } from './segment-form.tsx';
import { SegmentSizes } from './segment-sizes.tsx';

/** The segments of Braze with their numbers of members. */
export function Segments({ server, id }: ViewProps) {
  const [, navigate] = useLocation();
  const segments = usePolled<readonly Segment[]>(server, '_sim/segments');
  return (
    <Loaded of={segments}>
      {all => {
        const opened = all.find(each => each.id === id);
        return (
          <Split
            id={id}
            title={
              id === 'new' ? (
                'Create Segment'
              ) : opened ? (
                <Text of={opened.name} length={80} />
              ) : (
                <Text of={`Segment ${id}`} length={80} />
              )
            }
            back={routeOf(server.name, 'segments')}
            detail={
              id === 'new' ? (
                <SegmentForm
                  server={server}
                  onCreated={async made => {
                    await segments.reload();
                    navigate(routeOf(server.name, 'segments', made.id));
                  }}
                />
              ) : opened ? (
                <SegmentCard server={server} segment={opened} onChange={segments.reload} />
              ) : (
                <Missing>
                  There is no segment <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            <p class="row">
              <Link class="button primary" href={routeOf(server.name, 'segments', 'new')}>
                Create Segment
              </Link>
            </p>
            {all.length === 0 ? (
              <Empty>No segments yet. Create one of the users in an imported cohort.</Empty>
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

interface SegmentCardProps {
  readonly server: Server;
  readonly segment: Segment;
  readonly onChange: () => Promise<void>;
}

function SegmentCard({ server, segment, onChange }: SegmentCardProps) {
  const [, navigate] = useLocation();
  const remove = async () => {
    await call(server, `_sim/segments/${encodeURIComponent(segment.id)}`, { method: 'DELETE' });
    await onChange();
    navigate(routeOf(server.name, 'segments'));
    return undefined;
  };
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
      <SegmentSizes server={server} id={segment.id} />
      <Loaded of={members}>{ids => <Ids title="External IDs of the members" of={ids} />}</Loaded>
      <div class="row">
        <Action look="danger" confirm={`Delete the segment ${segment.name.slice(0, 80)}?`} run={remove}>
          Delete
        </Action>
      </div>
    </>
  );
}
