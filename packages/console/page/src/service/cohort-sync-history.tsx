import { useMemo } from 'preact/hooks';
import { Chart } from '../charts/chart.tsx';
import { Part } from '../parts/facts.tsx';
import { compact } from '../parts/format.ts';
import type { Run } from './cohort-sync-run.ts';

const drawn = [
  ['Unmatched', 'unmatched', '--line-1'],
  ['Unproven', 'unproven', '--line-2'],
  ['Waiting', 'waiting', '--line-3'],
  ['Refused', 'refused', '--line-4'],
] as const;

/** The members by state at the end of each run; the table of the runs has the same figures. */
export function StateHistory({ runs }: { runs: readonly Run[] }) {
  const { times, open, accepted } = useMemo(() => {
    const ordered = [...runs].sort((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt));
    const values = (state: keyof NonNullable<Run['states']>) =>
      ordered.map(({ states }) => states?.[state] ?? null);
    return {
      times: ordered.map(({ finishedAt }) => Date.parse(finishedAt)),
      open: drawn.map(([name, state, colour]) => ({ name, colour, values: values(state) })),
      accepted: [{ name: 'Accepted', colour: '--line-2', values: values('accepted') }],
    };
  }, [runs]);
  if (runs.every(({ states }) => states === null)) return null;
  return (
    <Part title="Members by state over time">
      <div class="charts">
        <Chart title="Accepted by Braze" times={times} lines={accepted} format={compact} />
        <Chart title="Not as in Mixpanel" times={times} lines={open} format={compact} />
      </div>
    </Part>
  );
}
