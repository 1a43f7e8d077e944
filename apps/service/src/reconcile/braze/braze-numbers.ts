import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../../config/config.ts';
import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import type { Column } from '../explain/columns.ts';
import type { NotKnown } from '../explain/facts.ts';
import type { DayNumbers } from './day-numbers.ts';
import {
  type Message,
  type MessageNumbers,
  type Period,
  readCampaigns,
  readCanvases,
} from './read-messages.ts';
import { readCustomEvents, readPurchases } from './read-occurrences.ts';
import { type NamedSeries, namesOfSeries, type WasReceived } from './series-of-names.ts';
import { conversions, type Series } from './series-of-types.ts';

/** Braze's own number of an event name on a day of the company. */
interface BrazeNumber {
  readonly braze: Column;
  /** Of it, opens by machines. */
  readonly machineOpens: number;
  /** It counts users of the day, not events. */
  readonly countsUsers: boolean;
}

export interface BrazeNumbers {
  /** Names in Mixpanel of all custom events that Braze has. */
  readonly names: readonly string[];
  of(event: string, day: string): BrazeNumber;
  /** Campaigns and Canvases by ID; the reason why a list is not known. */
  readonly campaigns: ReadonlyMap<string, Message> | NotKnown;
  readonly canvases: ReadonlyMap<string, Message> | NotKnown;
  /** Names of campaigns and Canvases that were deleted while they were read: their numbers are missing. */
  readonly gone: readonly string[];
  /** Names of events that Braze counts by campaign or Canvas. */
  readonly messageEvents: ReadonlySet<string>;
  /** Reasons of the parts that could not be read. */
  readonly notKnown: readonly string[];
  /** Of these numbers the one of an event, over all days; not comparable for an event without a series. */
  total(event: string, numbers: DayNumbers): Column;
}

interface BrazeRequest {
  readonly period: Period;
  /** Reads Braze's analytics, or the reason why it cannot. */
  readonly client: ReadAnalytics | string;
  readonly wasReceived: WasReceived;
}

/** The days as Braze's requests have them: those of the company's time zone. */
export function periodOf({ braze }: ConnectionConfig, days: readonly string[]): Period {
  const zone = projectTimeZone(braze.timeZone);
  const noonOf = (day: string) =>
    new Date(zone.toUtc(Date.parse(day) / 1_000 + 43_200) * 1_000).toISOString();
  return { days, noonOf };
}

/**
 * Braze's own numbers of the days, as far as they can be read: a part that cannot is not known, for its reason.
 * Without a client, nothing is known for that reason.
 */
export async function brazeNumbers(
  { currents }: ConnectionConfig,
  { period, client, wasReceived }: BrazeRequest,
): Promise<BrazeNumbers> {
  const part = <T>(work: (client: ReadAnalytics) => Promise<T>): Promise<T | NotKnown> =>
    typeof client === 'string' ? Promise.resolve({ notKnown: client }) : orNotKnown(() => work(client));
  // One after another: real sends share Braze's limits.
  const campaigns = await part(read => readCampaigns(read, period));
  const canvases = await part(read => readCanvases(read, period));
  const customEvents = await part(read => readCustomEvents(read, period));
  const purchases = await part(read => readPurchases(read, period));

  const sourcesOf = ({ from }: Series): readonly (MessageNumbers | NotKnown)[] =>
    from === 'campaign_conversions'
      ? [campaigns]
      : from === 'canvas_users'
        ? [canvases]
        : [campaigns, canvases];
  const numbersOf = (
    { series, own = '' }: NamedSeries,
    day: string,
  ): Pick<BrazeNumber, 'braze' | 'machineOpens'> => {
    const result = (braze: Column, machineOpens = 0) => ({ braze, machineOpens });
    if (series.from === 'custom_events')
      return result(
        'notKnown' in customEvents ? customEvents : { events: customEvents.numbers.of(own, day) },
      );
    if (series.from === 'purchases')
      return result('notKnown' in purchases ? purchases : { events: purchases.of('purchases', day) });
    const sources = sourcesOf(series);
    const notKnown = sources.find(source => 'notKnown' in source);
    if (notKnown !== undefined) return result(notKnown);
    const read = sources as readonly MessageNumbers[];
    const events = (names: readonly string[]) =>
      sum(read.map(({ numbers }) => sum(names.map(name => numbers.of(name, day)))));
    return result({ events: events(seriesNames(series)) }, events(machineNames(series)));
  };
  const named = namesOfSeries(currents, wasReceived);
  const listOf = (read: MessageNumbers | NotKnown) =>
    'notKnown' in read ? read : new Map(read.messages.map(each => [each.id, each]));
  return {
    names: 'notKnown' in customEvents ? [] : customEvents.names.map(name => named.prefix + name),
    of(event, day) {
      const found = named.of(event, day);
      return 'series' in found
        ? { ...numbersOf(found, day), countsUsers: countsUsers(found.series) }
        : { braze: found, machineOpens: 0, countsUsers: false };
    },
    campaigns: listOf(campaigns),
    canvases: listOf(canvases),
    gone: [campaigns, canvases].flatMap(read => ('notKnown' in read ? [] : read.gone)),
    messageEvents: named.messageEvents,
    notKnown: [campaigns, canvases, customEvents, purchases].flatMap(read =>
      'notKnown' in read ? [read.notKnown] : [],
    ),
    total(event, numbers) {
      const found = named.of(event);
      return 'series' in found
        ? { events: sum(seriesNames(found.series).map(name => numbers.total(name))) }
        : found;
    },
  };
}

const countsUsers = (series: Series): boolean =>
  series.from === 'canvas_users' || (series.from === 'messages' && series.countsUsers === true);

function seriesNames(series: Series): string[] {
  switch (series.from) {
    case 'messages':
      return series.channels.flatMap(channel => series.statistics.map(name => `${channel} ${name}`));
    case 'canvas_users':
      return series.statistics.map(name => `canvas ${name}`);
    case 'campaign_conversions':
      return conversions.map(name => `campaign ${name}`);
    default:
      return [];
  }
}

const machineNames = (series: Series): string[] =>
  series.from === 'messages' && series.byMachines !== undefined
    ? series.channels.map(channel => `${channel} ${series.byMachines}`)
    : [];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

async function orNotKnown<T>(work: () => Promise<T>): Promise<T | NotKnown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotRead) return { notKnown: error.message };
    throw error;
  }
}
