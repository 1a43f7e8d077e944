import { backfill } from '../backfill/backfill-command.ts';
import { cohorts, compareSnapshots } from '../cohorts/cohorts-command.ts';
import { ingest } from '../ingest/ingest-command.ts';
import { mapping } from '../mapping/mapping-command.ts';
import type { Measured } from '../measure/result.ts';
import { simulators } from '../simulators/simulators-command.ts';
import { start } from '../start/start-command.ts';

/** One short run of a benchmark. */
export interface Form {
  readonly name: string;
  /** @param timeout seconds after which it ends with an error */
  readonly measure: (timeout: number) => Promise<Measured>;
}

const load = { batch: 100, connections: 8 };

/** Forms of the ingest benchmark at full speed, which {@link ratiosBetween} compares. */
export const fullSpeed = { sqlite: 'ingest', postgres: 'ingest, PostgreSQL', tens: 'ingest, batches of 10' };

/** Full speed on each storage, and in small batches. @param events of each run */
export const fullSpeedForms = (events: number, postgres: boolean): Form[] => [
  { name: fullSpeed.sqlite, measure: timeout => ingest({ ...load, timeout, events }) },
  ...(postgres
    ? [
        {
          name: fullSpeed.postgres,
          measure: (timeout: number) => ingest({ ...load, timeout, events, postgres: true }),
        },
      ]
    : []),
  {
    name: fullSpeed.tens,
    measure: timeout => ingest({ events: events / 2, batch: 10, connections: 32, timeout }),
  },
];

const steady = (rate: number): Form => ({
  name: `ingest, ${rate.toLocaleString('en-US')} events/s`,
  measure: timeout => ingest({ ...load, timeout, events: 0, rate, seconds: 20, warmUp: 5 }),
});

/** All benchmarks in short forms, about four minutes on two cores. */
export const shortForms = (postgres: boolean): Form[] => [
  { name: 'mapping', measure: () => mapping({ events: 4_000, rounds: 25 }) },
  ...fullSpeedForms(200_000, postgres),
  steady(10_000),
  steady(2_000),
  { name: 'cohorts', measure: timeout => cohorts({ members: 100_000, source: 'webhook', timeout }) },
  { name: 'start', measure: timeout => start({ rounds: 3, idle: 10, timeout }) },
  { name: 'difference', measure: timeout => compareSnapshots({ members: 1_000_000, timeout }) },
  {
    name: 'simulators',
    measure: timeout => simulators({ events: 200_000, members: 100_000, connections: 4, timeout }),
  },
  {
    name: 'backfill',
    measure: timeout => backfill({ events: 880_000, liveEvents: 200_000, besideRate: 5_000, timeout }),
  },
];
