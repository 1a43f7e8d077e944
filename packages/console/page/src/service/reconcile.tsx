import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { useNow } from '../parts/clock.tsx';
import { DayInput, Select } from '../parts/fields.tsx';
import { count } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { OpenedReconciliation, Reconciliation } from './reconciliation.ts';
import { ReconciliationCard } from './reconciliation-card.tsx';
import type { Status } from './status.ts';

interface Reports {
  readonly reconciliations: readonly Reconciliation[];
  /** Of the next report by default. */
  readonly days: Days;
  /** The most days of one report. */
  readonly mostDays: number;
}
interface Days {
  readonly from: string;
  readonly to: string;
}

/** Reports that put the counts of Braze, the service and Mixpanel side by side, with the causes of differences. */
export function Reconcile({ server, id }: ViewProps) {
  const reports = usePolled<Reports>(server, 'api/reconcile');
  return (
    <Split
      id={id}
      title={<>Report {id}</>}
      back={routeOf(server.name, 'reconcile')}
      detail={id !== undefined && <ReconciliationCard server={server} id={id} />}
    >
      <Begin server={server} days={reports.data?.days} mostDays={reports.data?.mostDays} />
      <Loaded of={reports}>
        {({ reconciliations }) =>
          reconciliations.length === 0 ? (
            <Empty>No reports yet.</Empty>
          ) : (
            <Table
              label="Reports"
              rows={reconciliations}
              keyOf={report => report.id}
              opens={report => routeOf(server.name, 'reconcile', String(report.id))}
              opened={id}
              columns={[
                { name: 'Days', cell: ({ from, to }) => (from === to ? from : `${from} to ${to}`) },
                { name: 'State', kind: 'state', cell: report => <ReportState server={server} of={report} /> },
                { name: 'Connection', cell: report => <Text of={report.connection} length={40} /> },
                { name: 'Begun', cell: report => <When at={report.startedAt} /> },
                { name: 'By', cell: ({ isDaily }) => (isDaily ? 'schedule' : 'an operator') },
              ]}
            />
          )
        }
      </Loaded>
    </Split>
  );
}

function ReportState({ server, of: { id, state } }: { server: Server; of: Reconciliation }) {
  const opened = usePolled<OpenedReconciliation>(
    server,
    state === 'running' ? `api/reconcile/${id}` : undefined,
  );
  if (state === 'running')
    return (
      <>
        <Chip tone="busy">Running</Chip>
        {opened.data?.progress && (
          <span class="quiet">
            {' '}
            <Text of={opened.data.progress} />
          </span>
        )}
      </>
    );
  if (state === 'done') return <Chip tone="good">Done</Chip>;
  return <Chip tone="bad">{state === 'failed' ? 'Failed' : 'Interrupted'}</Chip>;
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

const dayMs = 86_400_000;

interface BeginProps {
  readonly server: Server;
  readonly days: Days | undefined;
  readonly mostDays: number | undefined;
}

/** A form that begins a report: by default of the newest days of which all counts have arrived, or of those with events. */
function Begin({ server, days: given, mostDays = Number.POSITIVE_INFINITY }: BeginProps) {
  const now = useNow();
  const [, navigate] = useLocation();
  const { data } = usePolled<Status>(server, 'status', 10_000);
  const [days, setDays] = useState<Partial<Days>>({});
  const { from = given?.from ?? '', to = given?.to ?? '' } = days;
  const today = dayOf(now);
  const connections = Object.entries(data?.connections ?? {})
    .filter(([name, { delivery }]) => delivery !== null && !name.includes(':'))
    .map(([name]) => name);
  const [chosen, choose] = useState<string>();
  const connection = chosen ?? connections[0] ?? 'default';
  const begin = async () => {
    if (from === '' || to === '') throw new Error('Choose the first and the last day.');
    if (from > to) throw new Error(`The first day, ${from}, is after the last, ${to}. Swap them.`);
    if (to > today) throw new Error(`${to} has not come yet. Choose days up to ${today}, UTC.`);
    const number = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    if (number > mostDays)
      throw new Error(
        `${from} to ${to} are ${count(number)} days, and one report has at most ${count(mostDays)}. Choose a shorter span, or begin a report for each part of it.`,
      );
    const { id } = await call<{ id: number }>(server, 'api/reconcile', {
      method: 'POST',
      body: { connection, from, to },
    });
    navigate(routeOf(server.name, 'reconcile', String(id)));
    return undefined;
  };
  return (
    <form class="card" onSubmit={event => event.preventDefault()}>
      <div class="row form">
        <DayInput label="From, UTC" value={from} onValue={value => setDays({ ...days, from: value })} />
        <DayInput label="To, UTC" value={to} onValue={value => setDays({ ...days, to: value })} />
        {connections.length > 1 && (
          <Select
            label="Connection"
            value={connection}
            onValue={choose}
            options={connections.map(name => [name, name])}
          />
        )}
        <Action look="primary" run={begin}>
          Compare counts
        </Action>
      </div>
      {to === today && (
        <p class="quiet">
          Today has not ended in UTC: its counts still move, so none of its differences is a finding.
        </p>
      )}
    </form>
  );
}
