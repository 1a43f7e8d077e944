import { type Polled, usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf, useFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Facts, Part } from '../parts/facts.tsx';
import { inWords } from '../parts/format.ts';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Pages } from '../parts/pages.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { fieldsOf, sentenceOf } from './audit-details.ts';

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Who changed what: replays, purges, forgotten users, changes of cohort syncs and back-fills. */
export function Audit({ server, id }: ViewProps) {
  const [before] = useFilter('before');
  const search = searchOf(before);
  const log = usePolled<{ entries: readonly Entry[] }>(
    server,
    `api/audit?limit=${pageSize}${before === '' ? '' : `&before=${encodeURIComponent(before)}`}`,
    5_000,
  );
  const routeOfPage = (from = '') => routeOf(server.name, 'audit', undefined, searchOf(from));
  const opened = useOpened(server, log.data?.entries, id);
  return (
    <Split
      id={id}
      title={opened.data ? deedOf(opened.data) : <Text of={`Entry ${id}`} length={80} />}
      back={routeOfPage(before)}
      detail={
        <Loaded of={opened}>
          {entry =>
            entry === null ? (
              <Missing>
                There is no entry <Code of={id ?? ''} /> in the audit log.
              </Missing>
            ) : (
              <EntryCard of={entry} />
            )
          }
        </Loaded>
      }
    >
      <Loaded of={log}>
        {({ entries }) =>
          entries.length === 0 ? (
            <>
              <Empty>{before === '' ? 'No changes by an operator yet.' : 'No older changes.'}</Empty>
              <Pages newest={routeOfPage()} older={undefined} isNewest={before === ''} />
            </>
          ) : (
            <>
              <Table
                label="Audit log"
                rows={entries}
                keyOf={entry => entry.id}
                opens={entry => routeOf(server.name, 'audit', String(entry.id), search)}
                opened={id}
                columns={[
                  { name: 'Change', cell: deedOf },
                  { name: 'By', cell: entry => <Text of={entry.actor} length={40} /> },
                  { name: 'When', cell: entry => <When at={entry.at} /> },
                  {
                    name: 'Details',
                    kind: 'main',
                    cell: entry => <Text of={sentenceOf(entry.detail)} length={100} />,
                  },
                ]}
              />
              <Pages
                newest={routeOfPage()}
                older={entries.length < pageSize ? undefined : routeOfPage(String(entries.at(-1)?.id))}
                isNewest={before === ''}
              />
            </>
          )
        }
      </Loaded>
    </Split>
  );
}

/** The opened entry: of the page, or of another one; `null` if there is none. */
function useOpened(
  server: Server,
  page: readonly Entry[] | undefined,
  id: string | undefined,
): Polled<Entry | null> {
  const listed = page?.find(entry => String(entry.id) === id);
  const isElsewhere = page !== undefined && listed === undefined && /^\d{1,15}$/.test(id ?? '');
  const found = usePolled<{ entries: readonly Entry[] }>(
    server,
    isElsewhere ? `api/audit?limit=1&before=${Number(id) + 1}` : undefined,
    60_000,
  );
  const newest = found.data?.entries[0];
  const other = newest !== undefined && String(newest.id) === id ? newest : null;
  const isKnown = page !== undefined && (!isElsewhere || found.data !== undefined);
  return { ...found, data: listed ?? (isKnown ? other : undefined) };
}

/** Entries on a page. */
const pageSize = 100;

/** The query of one page: of entries with lower IDs than `before`, unless that is empty. */
const searchOf = (before: string): string => (before === '' ? '' : `?before=${encodeURIComponent(before)}`);

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
    <Part title="Details">
      <Facts
        of={fieldsOf(of.detail).map(([name, value]) => [name, <Text key={name} of={value} length={600} />])}
      />
    </Part>
    <details>
      <summary>Details as JSON</summary>
      <Json title="Details" value={of.detail} />
    </details>
  </>
);
