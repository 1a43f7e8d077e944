import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { exact, Zoned } from '../parts/clock.tsx';
import { useIsDark } from './colours.ts';
import { type Line, optionsOf } from './options.ts';

export interface ChartProps {
  readonly title: string;
  /** Milliseconds since 1970, in order. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** A value as text, with its unit. */
  readonly format: (value: number) => string;
  /** Whether values are whole numbers. */
  readonly isWhole?: boolean;
}

const height = 150;

/**
 * Lines over time. The legend has the newest known values, or those at the pointer. To a screen reader it is one image
 * with these values; the view has a table of all of them.
 */
export function Chart({ title, times, lines, format, isWhole }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const [pointed, setPointed] = useState<number | null>(null);
  const { zone } = useContext(Zoned);
  const isDark = useIsDark();
  const names = lines.map(({ name }) => name).join();
  // Anew where its look changes, since uPlot reads colours and texts once.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = () => Math.max(160, element.clientWidth);
    const options = optionsOf(element, { lines, format, zone, isWhole, onPoint: setPointed });
    const made = new UPlot({ ...options, width: width(), height }, dataOf(times, lines), element);
    chart.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: width(), height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [names, format, zone, isDark, isWhole]);
  useEffect(() => chart.current?.setData(dataOf(times, lines)), [times, lines]);
  const shown = pointed ?? lastKnown(lines);
  const textOf = ({ values }: Line) => {
    const value = shown === undefined ? null : (values[shown] ?? null);
    return value === null ? 'not known' : format(value);
  };
  const label = lines.map(line => `${line.name} ${textOf(line)}`).join(', ');
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <span class="legend">
          {lines.map(line => (
            <span key={line.name}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect class={line.colour.slice(2)} width="10" height="10" rx="2" />
              </svg>
              {line.name} <b>{textOf(line)}</b>
            </span>
          ))}
          {pointed !== null && <time>{exact(times[pointed] ?? 0, zone).slice(5, 16)}</time>}
        </span>
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${label}`} />
    </figure>
  );
}

const dataOf = (times: readonly number[], lines: readonly Line[]): UPlot.AlignedData => [
  [...times],
  ...lines.map(({ values }) => [...values]),
];

/** The newest time of which a value is known. */
function lastKnown(lines: readonly Line[]): number | undefined {
  const places = lines.map(({ values }) => values.findLastIndex(value => value !== null));
  const last = places.reduce((most, place) => (place > most ? place : most), -1);
  return last < 0 ? undefined : last;
}
