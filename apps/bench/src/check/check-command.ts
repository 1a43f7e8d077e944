import { ownPostgresMissing } from '@braze-mixpanel/storage/testing';
import { mapping } from '../mapping/mapping-command.ts';
import { OutOfTime } from '../measure/child.ts';
import { markLine } from '../measure/marks.ts';
import { type Line, report } from '../measure/report.ts';
import type { Mark, Measured } from '../measure/result.ts';
import { type Form, fullSpeedForms, shortForms } from './forms.ts';
import { type Runs, ratiosBetween } from './ratios.ts';
import { sharedMarks } from './shared-marks.ts';

/** Options of `bench check`. */
export interface CheckArguments {
  /** For a machine that other programs use too: fewer forms, within a minute, and bounds with room. */
  shared?: true;
  json?: true;
}

/** Seconds of one form. */
const formSeconds = 300;

/** Seconds of all forms on a shared machine. What does not end in time is shown as not measured. */
const sharedSeconds = 90;

/** Seconds without which no form starts. */
const leastSeconds = 5;

/**
 * Short forms of the benchmarks in one run, and their marks. Rates and durations are shown and not held:
 * they depend on the machine, ratios of one run do not.
 *
 * @throws Error if a form fails, for example because an event is missing
 */
export async function check({ shared }: CheckArguments): Promise<Measured> {
  // With REQUIRE_POSTGRES=1 the run fails without it, as the suites do.
  const missing = process.env.REQUIRE_POSTGRES ? undefined : ownPostgresMissing();
  const forms = shared ? sharedForms(missing === undefined) : shortForms(missing === undefined);
  const notMeasured: Line[] = missing === undefined ? [] : [['PostgreSQL', 'not measured', missing]];
  const runs = new Map<string, Measured>();
  const begun = performance.now();
  for (const { name, measure } of forms) {
    const left = Math.ceil(sharedSeconds - (performance.now() - begun) / 1_000);
    try {
      if (shared && left < leastSeconds) throw new OutOfTime(`${left} s are left`);
      runs.set(name, await measure(shared ? left : formSeconds));
    } catch (error) {
      if (!isOutOfTime(error)) throw error;
      // On a quiet machine it is a finding.
      if (!shared) process.exitCode = 1;
      notMeasured.push([
        name,
        'not measured',
        shared ? `not done within ${sharedSeconds} s of all forms` : `not done within ${formSeconds} s`,
      ]);
    }
  }
  const marks = shared ? sharedMarks(runs) : [...heldMarks(runs), ...ratiosBetween(runs)];
  const title = `Check${shared ? ' on a shared machine' : ''}: ${((performance.now() - begun) / 1_000).toFixed(0)} s`;
  return {
    ...{ bench: 'check', options: { shared }, marks },
    figures: Object.fromEntries([...runs].map(([name, { figures }]) => [name, figures])),
    text: [
      ...[...runs.values()].map(({ text }) => text),
      report(title, [...marks.map(markLine), ...notMeasured]),
    ].join('\n\n'),
  };
}

const isOutOfTime = (error: unknown): boolean =>
  error instanceof OutOfTime || (error instanceof DOMException && error.name === 'TimeoutError');

const sharedForms = (postgres: boolean): Form[] => [
  // Rounds of a quarter of a millisecond: among many, some are not interrupted by another program.
  { name: 'mapping', measure: () => mapping({ events: 100, rounds: 120 }) },
  ...fullSpeedForms(100_000, postgres),
];

/** Marks that do not depend on the speed of the machine, each with the name of its form. */
const heldMarks = (runs: Runs): Mark[] =>
  [...runs].flatMap(([form, { marks }]) =>
    marks
      .filter(({ unit }) => unit !== 's' && unit !== 'events/s')
      .map(mark => ({ ...mark, name: `${form}: ${mark.name}` })),
  );
