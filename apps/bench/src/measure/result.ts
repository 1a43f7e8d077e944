import { availableParallelism, cpus } from 'node:os';
import * as z from 'zod';

/** Version of {@link resultSchema}. */
const RESULT_FORMAT = 1;

/** A figure with its target. */
const markSchema = z.object({
  name: z.string(),
  value: z.number(),
  /** Of value and mark; `x` is a ratio of two figures of one run. */
  unit: z.enum(['x', 'bytes', 'µs', 'ms', 's', 'events/s']),
  /** Whether the value must be at least or at most the mark. */
  bound: z.enum(['least', 'most']),
  mark: z.number(),
  met: z.boolean(),
});

/** What `--json` prints for every benchmark, one line each. `figures` depends on the benchmark. */
export const resultSchema = z.object({
  format: z.literal(RESULT_FORMAT),
  /** Name of the command, for example `ingest`. */
  bench: z.string(),
  /** ISO 8601, at the end of the run. */
  measuredAt: z.iso.datetime(),
  machine: z.object({
    cores: z.int().positive(),
    processor: z.string(),
    platform: z.string(),
    node: z.string(),
  }),
  /** Options of the command with their defaults. */
  options: z.record(z.string(), z.json()),
  /** Names end with their unit (`importSeconds`, `peakBytes`, `jsonMicros`); latencies are in milliseconds. */
  figures: z.record(z.string(), z.json()),
  marks: z.array(markSchema),
});

export type Mark = z.infer<typeof markSchema>;
export type Result = z.infer<typeof resultSchema>;

/** What a benchmark gives: its figures, their marks, and both as a readable text. */
export interface Measured {
  readonly bench: string;
  readonly options: object;
  readonly figures: object;
  readonly marks: readonly Mark[];
  readonly text: string;
}

/** A value that must reach the mark. */
export const atLeast = (name: string, value: number, mark: number, unit: Mark['unit'] = 'x'): Mark => ({
  ...{ name, value, unit, bound: 'least', mark, met: value >= mark },
});

/** A value that must not exceed the mark. */
export const atMost = (name: string, value: number, mark: number, unit: Mark['unit'] = 'x'): Mark => ({
  ...{ name, value, unit, bound: 'most', mark, met: value <= mark },
});

/** The result of a run on this machine, without absent (`undefined`) figures and options. */
export function resultOf({ bench, options, figures, marks }: Measured): Result {
  return JSON.parse(
    JSON.stringify({
      ...{ format: RESULT_FORMAT, bench, measuredAt: new Date().toISOString() },
      machine: {
        cores: availableParallelism(),
        processor: cpus()[0]?.model.trim() || 'unknown',
        platform: `${process.platform} ${process.arch}`,
        node: process.version,
      },
      ...{ options, figures, marks },
    }),
  ) as Result;
}
