import { useMemo } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import { Chart } from '../charts/chart.tsx';
import { useNow } from '../parts/clock.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { compact, count } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import type { LedgerProps } from './cohort-sync-props.ts';

interface Sent {
  /** The first day with counts. */
  readonly countedSince: string;
  /** `null` where no day of the request has counts. */
  readonly attributeUpdates: number | null;
  readonly assignments: number | null;
  readonly days: readonly {
    readonly day: string;
    readonly attributeUpdates: number;
    readonly assignments: number;
  }[];
}

const dayMs = 86_400_000;
const shownDays = 30;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What Braze accepted per UTC day, and since the sync was created. It bills attribute updates as data points. */
export function Cost({ server, sync }: LedgerProps) {
  const today = dayOf(useNow());
  const first = dayOf(Date.parse(today) - (shownDays - 1) * dayMs);
  const path = `api/cohorts/${encodeURIComponent(sync.id)}/cost?from=${first}&to=${today}`;
  const cost = usePolled<Sent>(server, path, 30_000);
  return (
    <Part title="Cost">
      <Loaded of={cost}>{sent => <Days sent={sent} sync={sync} today={today} />}</Loaded>
    </Part>
  );
}

function Days({ sent, sync, today }: { sent: Sent; sync: LedgerProps['sync']; today: string }) {
  const { times, lines } = useMemo(() => {
    const newest = Date.parse(today);
    const times = Array.from({ length: shownDays }, (_, index) => newest - (shownDays - 1 - index) * dayMs);
    const byDay = new Map(sent.days.map(each => [each.day, each]));
    const values = (kind: 'attributeUpdates' | 'assignments') =>
      times.map(at => byDay.get(dayOf(at))?.[kind] ?? (dayOf(at) < sent.countedSince ? null : 0));
    return {
      times,
      lines: [
        { name: 'Attribute updates', colour: '--line-1', values: values('attributeUpdates') },
        { name: 'Assignments', colour: '--line-2', values: values('assignments') },
      ],
    };
  }, [sent, today]);
  const inDays = (sum: number | null) =>
    sum === null
      ? `not known in ${shownDays} days`
      : sent.countedSince > dayOf(times[0]!)
        ? `${count(sum)} from ${sent.countedSince} on`
        : `${count(sum)} in ${shownDays} days`;
  return (
    <>
      <Facts
        of={[
          [
            'Attribute updates, billed',
            `${count(sync.attributeUpdates)} since the sync was created, ${inDays(sent.attributeUpdates)}`,
          ],
          [
            'Assignments to a cohort',
            `${count(sync.assignments)} since the sync was created, ${inDays(sent.assignments)}`,
          ],
        ]}
      />
      {sent.days.length > 0 && (
        <>
          <Chart title="Accepted by Braze per day, UTC" times={times} lines={lines} format={compact} />
          <Table
            label="Cost by day"
            rows={[...sent.days].reverse()}
            keyOf={({ day }) => day}
            columns={[
              { name: 'Day, UTC', kind: 'main', cell: ({ day }) => day },
              { name: 'Attribute updates', kind: 'number', cell: each => count(each.attributeUpdates) },
              { name: 'Assignments', kind: 'number', cell: each => count(each.assignments) },
            ]}
          />
        </>
      )}
    </>
  );
}
