import { z } from 'zod';
import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import { DayNumbers } from './day-numbers.ts';
import { dayOf, type Period } from './read-messages.ts';

/** Names on a page. Source: Braze documentation, GET /events/list, 2026. */
const pageSize = 250;
/** Most custom events of one report. */
const mostNames = 1_000;

const eventList = z.looseObject({ events: z.array(z.string()) });
const eventSeries = z.looseObject({ data: z.array(z.looseObject({ time: z.string(), count: z.number() })) });
const purchaseSeries = z.looseObject({
  data: z.array(z.looseObject({ time: z.string(), purchase_quantity: z.number() })),
});

/** Occurrences of custom events, by the name of the event. `names` are all that Braze knows. */
export interface CustomEvents {
  readonly names: readonly string[];
  readonly numbers: DayNumbers;
}

/** @throws NotRead */
export async function readCustomEvents(read: ReadAnalytics, { days, noonOf }: Period): Promise<CustomEvents> {
  const names: string[] = [];
  for (let page = 0; ; page += 1) {
    const { events } = await read('/events/list', { page }, eventList);
    for (const name of events) names.push(name);
    if (names.length > mostNames)
      throw new NotRead(`The workspace has more than ${mostNames} custom events, too many for their series.`);
    if (events.length < pageSize) break;
  }
  const numbers = new DayNumbers();
  for (const event of names) {
    const query = { event, length: days.length, ending_at: noonOf(days.at(-1)!) };
    const { data } = await read('/events/data_series', query, eventSeries);
    for (const { time, count } of data) numbers.add(event, dayOf(time), count);
  }
  return { names, numbers };
}

/** Purchases of all products, under the name `purchases`. @throws NotRead */
export async function readPurchases(read: ReadAnalytics, { days, noonOf }: Period): Promise<DayNumbers> {
  const numbers = new DayNumbers();
  const query = { length: days.length, ending_at: noonOf(days.at(-1)!) };
  const { data } = await read('/purchases/quantity_series', query, purchaseSeries);
  for (const { time, purchase_quantity: count } of data) numbers.add('purchases', dayOf(time), count);
  return numbers;
}
