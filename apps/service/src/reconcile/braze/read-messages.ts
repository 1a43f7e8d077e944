import { z } from 'zod';
import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import { DayNumbers } from './day-numbers.ts';
import { conversions } from './series-of-types.ts';

/** Days that one request for a Canvas series can have. Source: Braze documentation, GET /canvas/data_series, 2026. */
const canvasDays = 14;
/** Entries on a page of the lists of campaigns and Canvases. Source: Braze documentation, GET /campaigns/list, 2026. */
const pageSize = 100;

const statistics = z.record(z.string(), z.unknown());
const messages = z.record(z.string(), z.array(statistics));
const listed = z.array(
  z.looseObject({ id: z.string(), name: z.string().nullish(), is_api_campaign: z.boolean().nullish() }),
);
const campaignList = z.looseObject({ campaigns: listed });
const canvasList = z.looseObject({ canvases: listed });
const messageSeries = z.looseObject({
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

/** A campaign or Canvas of Braze's lists. */
export interface Message {
  readonly of: 'campaign' | 'canvas';
  readonly id: string;
  readonly name: string;
  readonly isApiCampaign: boolean;
  /** Its own numbers. */
  readonly numbers: DayNumbers;
}

/**
 * Numbers of all campaigns, or of all Canvases, archived ones among them. A series is named by channel and
 * statistic, such as `email sent`, by `canvas` and statistic, or by `campaign` and statistic.
 */
export interface MessageNumbers {
  /** The sum over all of them. */
  readonly numbers: DayNumbers;
  readonly messages: readonly Message[];
  /** Names of those that were deleted after they were listed: their numbers are missing. */
  readonly gone: readonly string[];
}

/** Numbers of messages and conversions of campaigns. @throws NotRead */
export function readCampaigns(read: ReadAnalytics, period: Period): Promise<MessageNumbers> {
  const list = (page: Page) => read('/campaigns/list', page, campaignList).then(({ campaigns }) => campaigns);
  return readEach('campaign', list, period, (id, add) =>
    readSeries(read, '/campaigns/data_series', { campaign_id: id }, period, add),
  );
}

/** Numbers of the messages of steps, and of entries and conversions of Canvases. @throws NotRead */
export function readCanvases(read: ReadAnalytics, period: Period): Promise<MessageNumbers> {
  const list = (page: Page) => read('/canvas/list', page, canvasList).then(({ canvases }) => canvases);
  return readEach('canvas', list, period, async (id, add) => {
    for (const days of partsOf(period.days, canvasDays)) {
      const query = {
        ...{ canvas_id: id, length: days.length, ending_at: period.noonOf(days.at(-1)!) },
        ...{ include_step_breakdown: 'true', include_deleted_step_data: 'true' },
      };
      const { data } = await read('/canvas/data_series', query, canvasSeries);
      // A day outside the part is in the next one too.
      const stats = data.stats.filter(({ time }) => days.includes(dayOf(time)));
      for (const { time, total_stats = {}, step_stats = {} } of stats) {
        addWholes(add, 'canvas', dayOf(time), total_stats);
        for (const { messages: sent } of Object.values(step_stats)) addMessages(add, dayOf(time), sent);
      }
    }
  });
}

/**
 * Numbers of the messages and conversions of one send of an API campaign, which Braze keeps for 14 days.
 *
 * @throws NotRead, with `isUnknown` for a send that Braze does not have any more
 */
export async function readSend(
  read: ReadAnalytics,
  send: { readonly campaign_id: string; readonly send_id: string },
  period: Period,
): Promise<DayNumbers> {
  const numbers = new DayNumbers();
  await readSeries(read, '/sends/data_series', send, period, addTo(numbers, period));
  return numbers;
}

/** Adds numbers of the days of a period; an answer may have the day before, too. */
function addTo(numbers: DayNumbers, { days }: Period): Add {
  const wanted = new Set(days);
  return (series, day, events) => {
    if (wanted.has(day)) numbers.add(series, day, events);
  };
}

type Add = (series: string, day: string, events: number) => void;
type Page = { page: number; include_archived: string };
type Listed = z.output<typeof listed>[number];

/** Reads the series of each entry of a list, one after another. */
async function readEach(
  of: Message['of'],
  list: (page: Page) => Promise<Listed[]>,
  period: Period,
  series: (id: string, add: Add) => Promise<void>,
): Promise<MessageNumbers> {
  const numbers = new DayNumbers();
  const found: Message[] = [];
  const unknown = new Map<string, { readonly name: string; readonly error: NotRead }>();
  for (const { id, name, is_api_campaign } of await entriesOf(list)) {
    const own = new DayNumbers();
    const named = name ?? id;
    try {
      await series(id, addTo(own, period));
    } catch (error) {
      if (!(error instanceof NotRead && error.isUnknown)) throw error;
      unknown.set(id, { name: named, error });
      continue;
    }
    numbers.addAll(own);
    found.push({ of, id, name: named, isApiCampaign: is_api_campaign === true, numbers: own });
  }
  // An answer that it is unknown means that it was deleted only where the list does not have it any more.
  for (const { id } of unknown.size === 0 ? [] : await entriesOf(list)) {
    const kept = unknown.get(id);
    if (kept !== undefined) throw kept.error;
  }
  return { numbers, messages: found, gone: [...unknown.values()].map(({ name }) => name) };
}

/** All entries of a list, each once: a page shifts where one is deleted meanwhile. */
async function entriesOf(list: (page: Page) => Promise<Listed[]>): Promise<Iterable<Listed>> {
  const entries = new Map<string, Listed>();
  for (let page = 0; ; page += 1) {
    const found = await list({ page, include_archived: 'true' });
    for (const each of found) entries.set(each.id, each);
    if (found.length < pageSize) return entries.values();
  }
}

async function readSeries(
  read: ReadAnalytics,
  path: '/campaigns/data_series' | '/sends/data_series',
  subject: Readonly<Record<string, string>>,
  { days, noonOf }: Period,
  add: Add,
): Promise<void> {
  const query = { ...subject, length: days.length, ending_at: noonOf(days.at(-1)!) };
  for (const { time, messages: sent, ...rest } of (await read(path, query, messageSeries)).data) {
    addMessages(add, dayOf(time), sent);
    addWholes(add, 'campaign', dayOf(time), rest);
  }
}

function addMessages(add: Add, day: string, sent: z.output<typeof messages> = {}): void {
  for (const [channel, variations] of Object.entries(sent))
    for (const variation of variations)
      for (const [name, value] of Object.entries(variation))
        if (typeof value === 'number') add(`${channel} ${name}`, day, value);
}

const wholes = ['entries', ...conversions];

function addWholes(add: Add, of: Message['of'], day: string, given: z.output<typeof statistics>): void {
  for (const name of wholes) {
    const value = given[name];
    if (typeof value === 'number') add(`${of} ${name}`, day, value);
  }
}

/** The day of a time that may have hours. */
export const dayOf = (time: string): string => time.slice(0, 10);

const partsOf = (days: readonly string[], size: number): (readonly string[])[] =>
  Array.from({ length: Math.ceil(days.length / size) }, (_, part) =>
    days.slice(part * size, (part + 1) * size),
  );
