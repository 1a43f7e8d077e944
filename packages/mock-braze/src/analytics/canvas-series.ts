/** The series of a Canvas: in all, by variant and by step. */
import type { Canvas } from './canvases.ts';
import { dateOf } from './daily-counts.ts';
import type { Period } from './period.ts';
import type { Place } from './place-counts.ts';
import { conversionNames, messagesIn, messagesOn, whole } from './series.ts';

/** What a request wants besides the numbers of the whole Canvas. */
export interface Breakdown {
  readonly variants: boolean;
  readonly steps: boolean;
  /** Steps that were removed, too. */
  readonly deletedSteps: boolean;
}

export function canvasDays(canvas: Canvas, days: Period, breakdown: Breakdown): object[] {
  const { counts, variants } = canvas;
  const steps = [...canvas.steps]
    .filter(([, { deleted }]) => breakdown.deletedSteps || !deleted)
    .map(([id, step]) => ({ id, step, sent: messagesIn(counts, days, id) }));
  /** The numbers of a place on a day; of conversions B to D only those that happened. */
  const numbers = (day: number, place: Place) => {
    const number = (name: string) => counts.number(day, place, name);
    const names = conversionNames.flatMap(name => [name, `${name}_by_entry_time`]);
    const shown = names.filter((name, index) => index < 2 || number(name) > 0);
    return { revenue: 0, ...Object.fromEntries(shown.map(name => [name, number(name)])) };
  };
  const entries = (day: number, place: Place) => ({ entries: counts.number(day, place, 'entries') });
  return days.map(day => ({
    time: dateOf(day),
    total_stats: { ...numbers(day, whole), ...entries(day, whole) },
    ...(breakdown.variants && {
      variant_stats: Object.fromEntries(
        Array.from(variants, ([id, name]) => {
          const place = { ...whole, variation: id };
          return [id, { name, ...numbers(day, place), ...entries(day, place) }];
        }),
      ),
    }),
    ...(breakdown.steps && {
      step_stats: Object.fromEntries(
        steps.map(({ id, step: { name, variations }, sent }) => [
          id,
          {
            ...{ name, ...numbers(day, { ...whole, step: id }) },
            messages: messagesOn(day, sent, variations),
          },
        ]),
      ),
    }),
  }));
}
