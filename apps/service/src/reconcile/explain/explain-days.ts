import { explainRow, type Row, type Step, withSteps } from './explain-row.ts';
import type { Facts } from './facts.ts';

/** Of all events on another day, the part that may be missing in total: those of the first and last day. */
const mostMissing = 0.2;

/**
 * Explains rows, and what only several days of an event show: Mixpanel has its events on other days, and in
 * total none is missing. Pure.
 */
export function explainDays(facts: readonly Facts[]): Row[] {
  const rows = facts.map(explainRow);
  const byEvent = Map.groupBy(rows, ({ event }) => event);
  return rows.map(row => (isShifted(byEvent.get(row.event) ?? []) ? withBoundary(row) : row));
}

const isRaw = ({ step }: Step) => step === 'imported_to_raw';

function isShifted(days: readonly Row[]): boolean {
  const left = days.flatMap(({ steps }) => steps.filter(isRaw).map(({ unexplained }) => unexplained));
  const missing = left.reduce((sum, each) => sum + each, 0);
  const moved = left.reduce((sum, each) => sum + Math.abs(each), 0);
  return moved > 0 && Math.abs(missing) <= mostMissing * moved;
}

function withBoundary(row: Row): Row {
  const steps = row.steps.map(
    (step): Step =>
      isRaw(step) && step.unexplained !== 0
        ? {
            ...step,
            causes: [...step.causes, { cause: 'project_day_boundary', events: step.unexplained }],
            unexplained: 0,
          }
        : step,
  );
  return { ...row, ...withSteps(steps) };
}
