import { ingestReport, meetsMarks } from './ingest-report.ts';
import { measureIngest } from './measure-ingest.ts';

/** Options of `bench ingest`. */
export interface IngestArguments {
  events: number;
  batch: number;
  connections: number;
  rate?: number;
  /** With `rate`: the duration, in place of the number of events. */
  seconds?: number;
  warmUp?: number;
  latency?: number;
  concurrency?: number;
  postgres?: true;
  timeout: number;
  cpuProf?: string;
  json?: true;
  check?: true;
}

/** Measures the path of events, prints the figures, and with `check` sets the exit code. */
export async function ingest(given: IngestArguments): Promise<void> {
  const { rate, seconds, warmUp = 0, batch, connections, json, check } = given;
  if (seconds !== undefined && rate === undefined) throw new Error('--seconds needs --rate');
  const events = rate !== undefined && seconds !== undefined ? rate * seconds : given.events;
  const figures = await measureIngest({
    ...{ events, connections, rate, eventsPerBatch: batch, warmUpSeconds: warmUp },
    latencyMs: given.latency ?? 0,
    concurrency: given.concurrency,
    storage: given.postgres ? 'postgres' : 'sqlite',
    timeoutMs: given.timeout * 1_000,
    profileFolder: given.cpuProf,
  });
  const offered =
    rate === undefined
      ? `maximum rate of ${connections} connections`
      : `${rate.toLocaleString('en-US')} events per second offered`;
  const title = `Ingest: ${offered}, batches of ${batch}, ${given.postgres ? 'PostgreSQL' : 'SQLite'}`;
  console.log(json ? JSON.stringify({ bench: 'ingest', ...figures }) : `${ingestReport(title, figures)}\n`);
  if (check && !meetsMarks(figures)) process.exitCode = 1;
}
