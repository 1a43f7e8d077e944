import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { type Beside, besideSizes } from './beside/beside.ts';
import { marksOf } from './ingest-marks.ts';
import { ingestReport } from './ingest-report.ts';
import { measureIngest } from './measure-ingest.ts';

/** Options of `bench ingest`. */
export interface IngestArguments extends CommonArguments {
  events: number;
  batch: number;
  connections: number;
  rate?: number;
  /** With `rate`: the duration, in place of the number of events. */
  seconds?: number;
  warmUp?: number;
  /** With `rate`: other work of the service meanwhile. */
  beside?: Beside;
  /** Its events or members. */
  besideSize?: number;
  latency?: number;
  concurrency?: number;
  postgres?: true;
  timeout: number;
  cpuProf?: string;
}

/** Measures the path of events. @throws Error if an event is missing or the time limit ends the run */
export async function ingest(given: IngestArguments): Promise<Measured> {
  const { rate, seconds, warmUp = 0, batch, connections } = given;
  if (seconds !== undefined && rate === undefined) throw new Error('--seconds needs --rate');
  if (given.beside !== undefined && rate === undefined) throw new Error('--beside needs --rate');
  const beside = given.beside && {
    kind: given.beside,
    size: given.besideSize ?? besideSizes[given.beside],
  };
  const events = rate !== undefined && seconds !== undefined ? rate * seconds : given.events;
  const options = {
    ...{ events, connections, rate, eventsPerBatch: batch, warmUpSeconds: warmUp },
    latencyMs: given.latency ?? 0,
    beside,
    concurrency: given.concurrency,
    storage: given.postgres ? ('postgres' as const) : ('sqlite' as const),
  };
  const figures = await measureIngest({
    ...options,
    timeoutMs: given.timeout * 1_000,
    profileFolder: given.cpuProf,
  });
  const offered =
    rate === undefined
      ? `maximum rate of ${connections} connections`
      : `${rate.toLocaleString('en-US')} events per second offered`;
  const title = `Ingest: ${offered}${given.beside === undefined ? '' : ` beside a ${given.beside}`}, batches of ${batch}, ${given.postgres ? 'PostgreSQL' : 'SQLite'}`;
  return {
    ...{ bench: 'ingest', options, figures, marks: marksOf(figures), text: ingestReport(title, figures) },
  };
}
