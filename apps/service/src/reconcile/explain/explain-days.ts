import { explainRow, type Row, type Step, withSteps } from './explain-row.ts';
import { type Facts, noPeriod } from './facts.ts';
import { periodFacts, showsUnlisted } from './period-facts.ts';

/** Of all events on another day, the part that may be missing in total: those of the first and last day. */
const mostMissing = 0.2;

/**
 * Explains rows, and what only several days of an event show: Mixpanel has its events on other days, and in
 * total none is missing. Pure.
 */
export function explainDays(facts: readonly Facts[]): Row[] {
  const byEvent = Map.groupBy(facts, ({ event }) => event);
  const rows = new Map<Facts, Row>();
  for (const days of byEvent.values()) for (const [given, row] of explainEvent(days)) rows.set(given, row);
  return facts.map(given => rows.get(given)!);
}

/** Explains the days of one event: first each by itself, then with what the others show. */
function explainEvent(days: readonly Facts[]): [Facts, Row][] {
  const first = { ...noPeriod, hasUnlisted: showsUnlisted(days) };
  const alone = days.map(given => explainRow(given, first));
  const rows = days.map((given, index) => explainRow(given, periodFacts(index, days, alone)));
  const shifted = isShifted(rows);
  return days.map((given, index) => [given, shifted ? withBoundary(rows[index]!) : rows[index]!]);
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
