import type { MetricHistory, SpanLength, StoredMetrics } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { LatencyHistogram, latencyCounts } from './latency-histogram.ts';

/** Events counted at the beginning and at the end of a span. */
const counter = z.tuple([z.int(), z.int()]).readonly();

const figuresSchema = z
  .object({
    accepted: counter,
    imported: counter,
    backlog: z.int(),
    deadLetters: z.int(),
    oldestSeconds: z.int(),
    acknowledgement: latencyCounts,
    import: latencyCounts,
  })
  .readonly();

/**
 * The stored figures of a span. Counters are those of storage, which all replicas share; `backlog`,
 * `deadLetters` and `oldestSeconds` are the highest of the ends of its minutes; latencies are of all requests of all replicas.
 */
export type Figures = z.output<typeof figuresSchema>;

/** The figures of a span that the API shows. */
export const pointSchema = z
  .object({
    at: z.string().describe('Beginning of the minute or hour, ISO 8601.'),
    accepted: z.int().describe('Events accepted in it.'),
    imported: z.int().describe('Events imported by Mixpanel in it.'),
    backlog: z.int().describe('Most events that were waiting at the end of one of its minutes.'),
    deadLetters: z.int().describe('Most dead letters that were stored at the end of a minute.'),
    oldestSeconds: z.int().describe('Greatest age of the oldest waiting batch at the end of a minute.'),
    acknowledgementP99Ms: z
      .int()
      .nullable()
      .describe('99th percentile of the time until Braze had its answer; `null` without accepted batches.'),
    importP99Ms: z
      .int()
      .nullable()
      .describe('99th percentile of requests to Mixpanel; `null` without requests.'),
  })
  .readonly();

/** The stored figures; `undefined` for a text of another shape, which is then written anew. */
export function parseFigures(text: string | undefined): Figures | undefined {
  try {
    return figuresSchema.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** Figures of the same span together, in any order. */
export function mergeFigures(one: Figures, other: Figures): Figures {
  const whole = (kind: 'accepted' | 'imported') =>
    [Math.min(one[kind][0], other[kind][0]), Math.max(one[kind][1], other[kind][1])] as const;
  const latencies = (kind: 'acknowledgement' | 'import') =>
    new LatencyHistogram(one[kind]).merge(new LatencyHistogram(other[kind])).toJSON();
  return {
    accepted: whole('accepted'),
    imported: whole('imported'),
    backlog: Math.max(one.backlog, other.backlog),
    deadLetters: Math.max(one.deadLetters, other.deadLetters),
    oldestSeconds: Math.max(one.oldestSeconds, other.oldestSeconds),
    acknowledgement: latencies('acknowledgement'),
    import: latencies('import'),
  };
}

/** What the API shows of a stored span; nothing of a damaged one. */
export function pointsOf({ at, text }: StoredMetrics): z.output<typeof pointSchema>[] {
  const figures = parseFigures(text);
  if (figures === undefined) return [];
  const { accepted, imported, backlog, deadLetters, oldestSeconds } = figures;
  const p99 = (kind: 'acknowledgement' | 'import') =>
    new LatencyHistogram(figures[kind]).percentile(0.99) ?? null;
  return [
    {
      at: new Date(at).toISOString(),
      accepted: accepted[1] - accepted[0],
      imported: imported[1] - imported[0],
      ...{ backlog, deadLetters, oldestSeconds },
      acknowledgementP99Ms: p99('acknowledgement'),
      importP99Ms: p99('import'),
    },
  ];
}

/** What the API shows of the spans from `from` to `until`, in order of time: a clock that was ahead has recorded later ones. */
export async function recordedPoints(
  history: Pick<MetricHistory, 'list'>,
  { until, ...request }: { connection: string; length: SpanLength; from: number; until: number },
): Promise<z.output<typeof pointSchema>[]> {
  const stored = await history.list(request);
  return stored.filter(({ at }) => at <= until).flatMap(pointsOf);
}
