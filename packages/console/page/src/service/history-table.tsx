import { useContext, useState } from 'preact/hooks';
import { exact, Zoned } from '../parts/clock.tsx';
import { count, milliseconds, span } from '../parts/format.ts';
import { Table } from '../parts/table.tsx';
import type { Point } from './history-point.ts';

interface HistoryTableProps {
  readonly points: readonly Point[];
  readonly by: 'minute' | 'hour';
  /** Text of what opens it. */
  readonly children: string;
}

const latency = (value: number | null) => (value === null ? 'no requests' : milliseconds(value));

/** The same figures as the charts, newest first. */
export function HistoryTable({ points, by, children }: HistoryTableProps) {
  const [isOpen, setOpen] = useState(false);
  const { zone } = useContext(Zoned);
  return (
    <details class="more-facts" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{children}</summary>
      {isOpen && (
        <Table
          label={`Figures by ${by}`}
          rows={[...points].reverse()}
          keyOf={point => point.at}
          columns={[
            { name: 'From', cell: ({ at }) => exact(Date.parse(at), zone).slice(0, 16) },
            { name: 'Accepted', kind: 'number', cell: ({ accepted }) => count(accepted) },
            { name: 'Imported', kind: 'number', cell: ({ imported }) => count(imported) },
            { name: 'Backlog', kind: 'number', cell: ({ backlog }) => count(backlog) },
            { name: 'Dead letters', kind: 'number', cell: ({ deadLetters }) => count(deadLetters) },
            {
              name: 'Oldest',
              kind: 'number',
              cell: ({ oldestSeconds }) => span(oldestSeconds * 1_000),
            },
            {
              name: 'Acknowledged in',
              kind: 'number',
              cell: ({ acknowledgementP99Ms }) => latency(acknowledgementP99Ms),
            },
            { name: 'Imported in', kind: 'number', cell: ({ importP99Ms }) => latency(importP99Ms) },
          ]}
        />
      )}
    </details>
  );
}
