import { useState } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Chip } from '../parts/chip.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { count, counted, inWords } from '../parts/format.ts';
import { Empty, Loaded, Problem } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import {
  type Column,
  differs,
  eventText,
  type OpenedReconciliation,
  type Report,
  type Sums,
  totalsOf,
} from './reconciliation.ts';

/** One report: what is unexplained, the causes of the other differences, and all counts. */
export function ReconciliationCard({ server, id }: { server: Server; id: string }) {
  const opened = usePolled<OpenedReconciliation>(server, `api/reconcile/${encodeURIComponent(id)}`);
  return (
    <Loaded of={opened}>
      {data => (
        <>
          <Facts
            of={[
              ['Days, UTC', `${data.from} to ${data.to}`],
              ['Connection', <Text key="connection" of={data.connection} />],
              ['Begun', <When key="begun" at={data.startedAt} full />],
            ]}
          />
          {data.state === 'running' && (
            <p class="line">
              <Chip tone="busy">Running</Chip>
              <span class="quiet">
                {data.progress || 'It reads Mixpanel and Braze, which may take up to an hour.'}
              </span>
            </p>
          )}
          {data.problem !== null && <Problem>{data.problem}</Problem>}
          {data.report !== null && <Found report={data.report} causes={data.causes} />}
        </>
      )}
    </Loaded>
  );
}

function Found({ report, causes }: { report: Report; causes: OpenedReconciliation['causes'] }) {
  const { events, unexplained, findings, openDays, notKnown, threshold } = report;
  return (
    <>
      <p class="line">
        {findings.length > 0 ? (
          <Chip tone="bad">{`${counted(findings.length, 'count')} above the threshold of ${threshold} %`}</Chip>
        ) : (
          notKnown.length === 0 && <Chip tone="good">Every difference has a cause</Chip>
        )}
        {notKnown.length > 0 && <Chip tone="warn">Not complete</Chip>}
        <span>
          {counted(events, 'event')} came, {count(unexplained)} unexplained.
        </span>
      </p>
      {openDays.map(day => (
        <p class="line" key={day}>
          <Chip tone="busy">Still open</Chip>
          <span>{day} has not ended: its counts still move, and none of its differences is a finding.</span>
        </p>
      ))}
      {notKnown.length > 0 && (
        <Part title="Not known">
          <ul class="bullets">
            {notKnown.map(why => (
              <li key={why}>
                <Text of={why} length={600} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Causes report={report} causes={causes} />
      <Rows report={report} />
    </>
  );
}

function Causes({ report, causes }: { report: Report; causes: OpenedReconciliation['causes'] }) {
  const totals = totalsOf(report.rows);
  if (totals.length === 0) return null;
  return (
    <Part title="Causes">
      <ul class="reasons">
        {totals.map(({ cause, reasons, sums }) => (
          <li key={cause}>
            <b>{signed(sums)}</b>
            <span class="reason">
              <strong>{inWords(cause)}</strong> <Code of={cause} />
              <small class="quiet"> {causes[cause]?.meaning.replaceAll('`', '')}</small>
              {causes[cause]?.advice !== undefined && <> {causes[cause].advice.replaceAll('`', '')}</>}
              {[...reasons].map(([reason, of]) => (
                <div key={reason}>
                  {signed(of)} <Code of={reason} />
                </div>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

const signed = ({ more, fewer }: Sums) =>
  [...(more > 0 ? [`+${count(more)}`] : []), ...(fewer > 0 ? [count(-fewer)] : [])].join(' and ');

function Rows({ report: { rows, openDays, notKnown } }: { report: Report }) {
  const [isAll, setAll] = useState(false);
  const differing = rows.filter(differs);
  const shown = isAll ? rows : differing;
  return (
    <Part
      title={isAll ? 'All counts' : 'Counts that differ'}
      aside={
        differing.length < rows.length && (
          <button type="button" class="quietly" onClick={() => setAll(!isAll)}>
            {isAll ? `Show the ${count(differing.length)} that differ` : `Show all ${count(rows.length)}`}
          </button>
        )
      }
    >
      {shown.length === 0 ? (
        <Empty>{emptyText(rows.length, notKnown.length > 0)}</Empty>
      ) : (
        <Table
          label="Counts"
          rows={shown}
          keyOf={({ day, event }) => `${day} ${event}`}
          columns={[
            { name: 'Event', kind: 'main', cell: row => <Text of={eventText(row)} length={60} /> },
            { name: 'Day', cell: ({ day }) => (openDays.includes(day) ? `${day}, open` : day) },
            ...columns.map(([name, key]) => ({
              name,
              kind: 'number' as const,
              cell: (row: Report['rows'][number]) => <Figure of={row.columns[key]} />,
            })),
            {
              name: 'Unexplained',
              kind: 'number',
              cell: ({ unexplained }) => (unexplained === 0 ? '—' : <strong>{count(unexplained)}</strong>),
            },
          ]}
        />
      )}
    </Part>
  );
}

/** Why there is nothing to show; without all counts that is not known. */
function emptyText(rows: number, isPart: boolean): string {
  const what = rows === 0 ? 'No events in these days' : 'No counts differ';
  return isPart ? `${what}, as far as counts could be read.` : `${what}.`;
}

/** The columns of the table with their key in a report. */
const columns = [
  ['Braze', 'braze'],
  ['Here', 'accepted'],
  ['Sent', 'imported'],
  ['Raw', 'mixpanelRaw'],
  ['Unique', 'mixpanelUnique'],
] as const;

function Figure({ of }: { of: Column | undefined }) {
  if (of === undefined) return <>?</>;
  if ('events' in of) return <>{count(of.events)}</>;
  return 'notKnown' in of ? (
    <span title={of.notKnown}>not known</span>
  ) : (
    <span title={of.notComparable}>not comparable</span>
  );
}
