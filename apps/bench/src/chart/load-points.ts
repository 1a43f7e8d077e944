import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { resultSchema } from '../measure/result.ts';

/** One run of the ingest benchmark at a steady rate. */
export interface LoadPoint {
  /** Events per second offered, and imported until the last one was. */
  readonly offered: number;
  readonly imported: number;
  /** Acknowledgement of a batch in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The same of the bare server, which only appends and synchronises. */
  readonly bareP99: number;
}

/** Runs on one machine, in the order of the offered rate. */
export interface LoadCurve {
  readonly points: readonly LoadPoint[];
  /** Machine, storage and day, for the title. */
  readonly about: string;
}

const latencies = z.object({ p50: z.number(), p99: z.number() });
const steadyRun = resultSchema.extend({
  bench: z.literal('ingest'),
  figures: z.object({
    events: z.number(),
    rate: z.number(),
    storage: z.enum(['sqlite', 'postgres']),
    importSeconds: z.number(),
    acknowledgement: latencies,
    bare: latencies,
  }),
});

/**
 * Reads the results of `bench ingest --rate <n> --json`, one a line.
 *
 * @throws Error if a line is another result, or fewer than two rates or several storages are among them
 */
export async function readLoadCurve(files: readonly string[]): Promise<LoadCurve> {
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8')));
  const runs = texts.flatMap(text =>
    text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(parseRun),
  );
  const rates = new Set(runs.map(({ figures }) => figures.rate));
  const storages = new Set(runs.map(({ figures }) => figures.storage));
  const [first] = runs;
  if (first === undefined || rates.size < 2 || rates.size < runs.length)
    throw new Error('A chart needs at least two runs, each with a rate of its own.');
  if (storages.size > 1) throw new Error('A chart shows runs on one storage: SQLite or PostgreSQL.');
  const points = runs
    .map(
      ({
        figures: {
          events,
          rate,
          importSeconds,
          acknowledgement: { p50, p99 },
          bare,
        },
      }) => ({
        ...{ offered: rate, imported: events / importSeconds, p50, p99, bareP99: bare.p99 },
      }),
    )
    .sort((one, other) => one.offered - other.offered);
  const { machine, measuredAt, figures } = first;
  const storage = figures.storage === 'sqlite' ? 'SQLite' : 'PostgreSQL';
  const about = `${storage}, ${machine.cores} cores (${machine.processor}), Node ${machine.node.slice(1)}, ${measuredAt.slice(0, 10)}`;
  return { points, about };
}

function parseRun(line: string): z.infer<typeof steadyRun> {
  const result = steadyRun.safeParse(parseJson(line));
  if (result.success) return result.data;
  throw new Error(
    `Not a result of "bench ingest --rate <n> --json": ${line.slice(0, 80)} (${z.prettifyError(result.error)})`,
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
