import { z } from 'zod';
import type { ReadAnalytics } from './analytics-client.ts';
import { DayNumbers } from './day-numbers.ts';
import { conversions } from './series-of-types.ts';

/** Days that one request for a Canvas series can have. Source: Braze documentation, GET /canvas/data_series, 2026. */
const canvasDays = 14;
/** Entries on a page of the lists of campaigns and Canvases. */
const pageSize = 100;

const statistics = z.record(z.string(), z.unknown());
const messages = z.record(z.string(), z.array(statistics));
const listed = z.array(z.looseObject({ id: z.string() }));
const campaignList = z.looseObject({ campaigns: listed });
const canvasList = z.looseObject({ canvases: listed });
const campaignSeries = z.looseObject({
  data: z.array(z.looseObject({ time: z.string(), messages: messages.optional() })),
});
const canvasSeries = z.looseObject({
  data: z.looseObject({
    stats: z.array(
      z.looseObject({
        time: z.string(),
        total_stats: statistics.optional(),
        step_stats: z.record(z.string(), z.looseObject({ messages: messages.optional() })).optional(),
      }),
    ),
  }),
});

/** The days of a request: their number, and a moment on the last one in the time zone of the company. */
export interface Period {
  readonly days: readonly string[];
  /** ISO 8601, of noon on a day. */
  readonly noonOf: (day: string) => string;
}

/**
 * Numbers of all messages, conversions and Canvas entries, archived ones among them. A series is named by
 * channel and statistic, such as `email sent`, by `canvas` and statistic, or by `campaign` and statistic.
 *
 * @throws NotRead
 */
export async function readMessages(read: ReadAnalytics, { days, noonOf }: Period): Promise<DayNumbers> {
  const numbers = new DayNumbers();
  const last = days.at(-1)!;
  for await (const { id } of pages(page =>
    read('/campaigns/list', page, campaignList).then(({ campaigns }) => campaigns),
  )) {
    const query = { campaign_id: id, length: days.length, ending_at: noonOf(last) };
    for (const { time, messages: sent, ...rest } of (
      await read('/campaigns/data_series', query, campaignSeries)
    ).data) {
      addMessages(numbers, dayOf(time), sent);
      addAll(numbers, 'campaign', dayOf(time), rest);
    }
  }
  for await (const { id } of pages(page =>
    read('/canvas/list', page, canvasList).then(({ canvases }) => canvases),
  )) {
    for (const part of partsOf(days, canvasDays)) {
      const query = {
        ...{ canvas_id: id, length: part.length, ending_at: noonOf(part.at(-1)!) },
        ...{ include_step_breakdown: 'true', include_deleted_step_data: 'true' },
      };
      for (const { time, total_stats = {}, step_stats = {} } of (
        await read('/canvas/data_series', query, canvasSeries)
      ).data.stats) {
        addAll(numbers, 'canvas', dayOf(time), total_stats);
        for (const { messages: sent } of Object.values(step_stats)) addMessages(numbers, dayOf(time), sent);
      }
    }
  }
  return numbers;
}

async function* pages(
  list: (query: { page: number; include_archived: string }) => Promise<z.output<typeof listed>>,
): AsyncGenerator<{ readonly id: string }> {
  for (let page = 0; ; page += 1) {
    const entries = await list({ page, include_archived: 'true' });
    yield* entries;
    if (entries.length < pageSize) return;
  }
}

function addMessages(numbers: DayNumbers, day: string, sent: z.output<typeof messages> = {}): void {
  for (const [channel, variations] of Object.entries(sent))
    for (const variation of variations)
      for (const [name, value] of Object.entries(variation))
        if (typeof value === 'number') numbers.add(`${channel} ${name}`, day, value);
}

const wholes = ['entries', ...conversions];

function addAll(
  numbers: DayNumbers,
  of: 'campaign' | 'canvas',
  day: string,
  given: z.output<typeof statistics>,
): void {
  for (const name of wholes) {
    const value = given[name];
    if (typeof value === 'number') numbers.add(`${of} ${name}`, day, value);
  }
}

/** The day of a time that may have hours. */
export const dayOf = (time: string): string => time.slice(0, 10);

const partsOf = (days: readonly string[], size: number): (readonly string[])[] =>
  Array.from({ length: Math.ceil(days.length / size) }, (_, part) =>
    days.slice(part * size, (part + 1) * size),
  );
