import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { count, inWords } from '../parts/format.ts';
import { Empty } from '../parts/loaded.tsx';
import { prose } from '../parts/prose.ts';
import { Table } from '../parts/table.tsx';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { LedgerProps } from './cohort-sync-props.ts';
import type { Run } from './cohort-sync-run.ts';

interface RunsProps extends LedgerProps {
  readonly runs: readonly Run[];
  readonly opened: number | undefined;
}

/** The runs of a sync, newest first, with the members by state and what Braze accepted. Each opens its ledger. */
export const Runs = ({ server, sync, runs, opened }: RunsProps) => (
  <Part title="Latest runs">
    {runs.length === 0 ? (
      <Empty>No runs yet.</Empty>
    ) : (
      <Table
        label="Latest runs"
        rows={runs}
        keyOf={run => run.id}
        opens={run => routeOf(server.name, 'cohorts', sync.id, `?run=${ledgerOf(run, runs)}`)}
        opened={opened}
        columns={[
          { name: 'Started', cell: run => <When at={run.startedAt} /> },
          {
            name: 'Outcome',
            kind: 'state',
            cell: run => <Chip tone={run.problem === null ? 'good' : 'bad'}>{inWords(run.outcome)}</Chip>,
          },
          { name: 'Added', kind: 'number', cell: run => count(run.added) },
          { name: 'Removed', kind: 'number', cell: run => count(run.removed) },
          ...states.map(([name, state]) => ({
            name,
            kind: 'number' as const,
            cell: (run: Run) => (run.trigger === 'read-back' ? '—' : count(run.states?.[state])),
          })),
          { name: 'Billed', kind: 'number', cell: run => count(run.billedUpdates) },
          {
            name: 'Problem',
            kind: 'main',
            cell: run => (run.problem === null ? '—' : <Text of={prose(run.problem.message)} />),
          },
        ]}
      />
    )}
  </Part>
);

/**
 * The run whose ledger has the members: a read-back adds what it found to that of the run before it, and a run that
 * changed nothing has none of its own.
 */
const ledgerOf = ({ id }: Run, runs: readonly Run[]): number =>
  runs.find(
    ({ trigger, states, hasLedger, ...each }) =>
      each.id <= id && trigger !== 'read-back' && (states === null || hasLedger !== false),
  )?.id ?? id;

const states = [
  ['Unmatched', 'unmatched'],
  ['Refused', 'refused'],
  ['Unproven', 'unproven'],
  ['Waiting', 'waiting'],
] as const;
