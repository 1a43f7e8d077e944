import { useContext, useMemo } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { useFilter } from '../app/routes.ts';
import { Chart } from '../charts/chart.tsx';
import { exact, useNow, Zoned } from '../parts/clock.tsx';
import { Part } from '../parts/facts.tsx';
import { compact, counted, milliseconds, span } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Segments } from '../parts/segments.tsx';
import { emptyText, type Point, type Range, ranges } from './history-point.ts';
import { HistoryTable } from './history-table.tsx';

const ofSeconds = (seconds: number) => span(seconds * 1_000);

/** Charts of one connection, as the service has recorded them. */
export function History({ server, connection }: { server: Server; connection: string }) {
  const [chosen, choose] = useFilter('range');
  const key = chosen in ranges ? (chosen as keyof typeof ranges) : 'hour';
  const range = ranges[key];
  const history = usePolled<{ points: readonly Point[] }>(
    server,
    `api/history?connection=${encodeURIComponent(connection)}&by=${range.by}`,
    15_000,
  );
  // The state of the connection is known without a token, so this is no failure of the view.
  const isRefused = history.data === undefined && history.error?.status !== undefined;
  return (
    <Part
      title="History"
      aside={
        <Segments
          label="Time shown"
          value={key}
          onValue={value => choose(value === 'hour' ? '' : value)}
          options={Object.entries(ranges).map(([value, { text }]) => [value, text])}
        />
      }
    >
      {isRefused ? (
        <p class="quiet">{history.error?.message}</p>
      ) : (
        <Loaded of={history}>{({ points }) => <Charts points={points} range={range} />}</Loaded>
      )}
    </Part>
  );
}

function Charts({ points, range }: { points: readonly Point[]; range: Range }) {
  const { by, ms, step } = range;
  const now = useNow();
  const { zone } = useContext(Zoned);
  const newest = now - (now % step);
  const { times, values } = useMemo(() => {
    const known = new Map(points.map(point => [Date.parse(point.at), point]));
    const times = Array.from({ length: ms / step + 1 }, (_, index) => newest - ms + index * step);
    const values = (name: Exclude<keyof Point, 'at'>) => times.map(at => known.get(at)?.[name] ?? null);
    return { times, values };
  }, [points, newest, ms, step]);
  const shown = points.filter(({ at }) => Date.parse(at) >= newest - ms);
  const lines = useMemo(
    () => ({
      events: [
        { name: 'Accepted', colour: '--line-1', values: values('accepted') },
        { name: 'Imported', colour: '--line-2', values: values('imported') },
      ],
      backlog: [
        { name: 'Waiting', colour: '--line-3', values: values('backlog') },
        { name: 'Dead letters', colour: '--line-4', values: values('deadLetters') },
      ],
      oldest: [{ name: 'Oldest', colour: '--line-3', values: values('oldestSeconds') }],
      latency: [
        { name: 'Acknowledgement', colour: '--line-1', values: values('acknowledgementP99Ms') },
        { name: 'Import', colour: '--line-2', values: values('importP99Ms') },
      ],
    }),
    [values],
  );
  if (shown.length === 0) return <Empty>{emptyText(points, range, at => exact(at, zone))}</Empty>;
  return (
    <>
      <div class="charts">
        <Chart title={`Events per ${by}`} times={times} lines={lines.events} format={compact} />
        <Chart title="Events not delivered" times={times} lines={lines.backlog} format={compact} />
        <Chart title="Latency, 99th percentile" times={times} lines={lines.latency} format={milliseconds} />
        <Chart title="Age of the oldest batch" times={times} lines={lines.oldest} format={ofSeconds} />
      </div>
      <HistoryTable points={shown} by={by}>
        {`${counted(shown.length, by)} as a table`}
      </HistoryTable>
    </>
  );
}
