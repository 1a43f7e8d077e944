/** How an event changes the numbers of a Canvas. */
import type { Canvas } from './canvases.ts';
import type { MessageEvent } from './channels.ts';
import type { CompanyTime } from './company-time.ts';
import { conversionNameOf, countMessage } from './count-messages.ts';
import { hashOf } from './distinct-count.ts';
import { type Emitted, shortText } from './emitted.ts';
import type { Place } from './place-counts.ts';
import { whole } from './series.ts';

/**
 * Counts an event of a Canvas. Entries and conversions are users of the day: a user who enters twice is one
 * entry, though Currents have two events.
 */
export function countInCanvas(
  canvas: Canvas,
  time: CompanyTime,
  emitted: Emitted,
  message: MessageEvent | undefined,
): void {
  const { counts, lastAt = emitted.time } = canvas;
  const { eventType, properties, user = '' } = emitted;
  const day = time.dayOf(emitted.time);
  const step = shortText(properties.canvas_step_id);
  if (message && step !== undefined) countMessage(counts, day, emitted, message, step);
  const once = (places: readonly Place[], name: string, on: number) => {
    const hash = hashOf(user);
    for (const place of places) counts.at(place).addOnce(on, name, hash);
  };
  const totals = [whole, ...placesOf('variation', properties.canvas_variation_id)];
  if (eventType === 'users.canvas.Entry') once(totals, 'entries', day);
  if (eventType !== 'users.canvas.Conversion') return;
  const places = [...totals, ...placesOf('step', step)];
  const name = conversionNameOf(emitted);
  once(places, name, day);
  once(places, `${name}_by_entry_time`, time.dayOf(lastAt));
}

function placesOf(part: 'step' | 'variation', id: unknown): Place[] {
  const known = shortText(id);
  return known === undefined ? [] : [{ ...whole, [part]: known }];
}
