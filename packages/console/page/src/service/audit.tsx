import { usePolled } from '../api/use-polled.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Facts } from '../parts/facts.tsx';
import { inWords } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Who changed what: replays, purges, forgotten users, changes of cohort syncs and back-fills. */
export function Audit({ server, id }: ViewProps) {
  const log = usePolled<{ entries: readonly Entry[] }>(server, 'api/audit?limit=200', 5_000);
  const opened = log.data?.entries.find(entry => String(entry.id) === id);
  return (
    <Split
      id={id}
      title={opened ? deedOf(opened) : <>Entry {id}</>}
      back={routeOf(server.name, 'audit')}
      detail={
        opened ? (
          <EntryCard of={opened} />
        ) : (
          log.data && <Empty>This entry is not among the newest 200.</Empty>
        )
      }
    >
      <Loaded of={log}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Empty>No changes by an operator yet.</Empty>
          ) : (
            <Table
              label="Audit log"
              rows={entries}
              keyOf={entry => entry.id}
              opens={entry => routeOf(server.name, 'audit', String(entry.id))}
              opened={id}
              columns={[
                { name: 'Change', cell: deedOf },
                { name: 'By', cell: entry => <Text of={entry.actor} length={40} /> },
                { name: 'When', cell: entry => <When at={entry.at} /> },
                {
                  name: 'Details',
                  kind: 'main',
                  cell: entry => <Text of={JSON.stringify(entry.detail)} length={100} />,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Split>
  );
}

/** An action in words: `dead_letters.replay` becomes `Dead letters: replay`. */
const deedOf = ({ action }: Entry): string => inWords(action).replaceAll('.', ': ');

const EntryCard = ({ of }: { of: Entry }) => (
  <>
    <Facts
      of={[
        ['By', <Text key="by" of={of.actor} length={600} />],
        ['When', <When key="when" at={of.at} full />],
        ['Action', <Code key="action" of={of.action} />],
      ]}
    />
    <Json title="Details" value={of.detail} />
  </>
);
