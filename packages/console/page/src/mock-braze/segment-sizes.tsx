import { useMemo } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Chart } from '../charts/chart.tsx';
import { useNow } from '../parts/clock.tsx';
import { count } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';

interface Size {
  readonly at: string;
  readonly size: number;
}

/** Number of members of a segment since it was created, as steps. */
export function SegmentSizes({ server, id }: { server: Server; id: string }) {
  const sizes = usePolled<readonly Size[]>(server, `_sim/segments/${encodeURIComponent(id)}/sizes`, 5_000);
  return <Loaded of={sizes}>{list => <Steps of={list} />}</Loaded>;
}

function Steps({ of }: { of: readonly Size[] }) {
  // A full minute, so that the chart is drawn anew only then.
  const minute = Math.ceil(useNow() / 60_000) * 60_000;
  const { times, values } = useMemo(() => {
    const known = of.map(({ at, size }) => ({ at: Date.parse(at), size }));
    const points = known.flatMap(({ at, size }, index) => {
      const before = known[index - 1];
      return before === undefined
        ? [{ at, size }]
        : [
            { at: at - 1, size: before.size },
            { at, size },
          ];
    });
    const last = known.at(-1);
    const whole =
      last === undefined ? points : [...points, { at: Math.max(minute, last.at + 1), size: last.size }];
    return { times: whole.map(({ at }) => at), values: whole.map(({ size }) => size) };
  }, [of, minute]);
  return (
    <Chart
      title="Size over time"
      times={times}
      lines={[{ name: 'Members', colour: '--line-1', values }]}
      format={count}
      isWhole
    />
  );
}
