import { counted } from '../parts/format.ts';

/** Figures of a minute or hour. */
export interface Point {
  readonly at: string;
  readonly accepted: number;
  readonly imported: number;
  readonly backlog: number;
  readonly deadLetters: number;
  readonly oldestSeconds: number;
  readonly acknowledgementP99Ms: number | null;
  readonly importP99Ms: number | null;
}

/** A time that a chart may show. */
export interface Range {
  readonly text: string;
  /** In a sentence. */
  readonly name: string;
  readonly by: 'minute' | 'hour';
  readonly ms: number;
  readonly step: number;
}

const minute = 60_000;
export const ranges = {
  hour: { text: 'Last hour', name: 'last hour', by: 'minute', ms: 60 * minute, step: minute },
  'six-hours': { text: '6 hours', name: 'last 6 hours', by: 'minute', ms: 360 * minute, step: minute },
  days: { text: '14 days', name: 'last 14 days', by: 'hour', ms: 14 * 24 * 60 * minute, step: 60 * minute },
} as const satisfies Record<string, Range>;

/**
 * Why a chart has nothing to show, and which points there are.
 *
 * @param points those of the longest time with this step, in order
 * @param timeText an exact time
 */
export function emptyText(
  points: readonly Pick<Point, 'at'>[],
  { name, by }: Pick<Range, 'name' | 'by'>,
  timeText: (at: number) => string,
): string {
  const [first, last] = [points[0], points.at(-1)];
  const nothing = `Nothing is recorded of the ${name} by the service's clock`;
  if (first === undefined || last === undefined)
    return `${nothing}. The first ${by} is shown when a minute has ended.`;
  const span = [...new Set([first, last])].map(({ at }) => timeText(Date.parse(at))).join(' to ');
  return (
    `${nothing}: the clock was moved or stood still, or the service was not running. ` +
    `${counted(points.length, by)} before ${points.length === 1 ? 'is' : 'are'} recorded: ${span}. Choose a longer time.`
  );
}
