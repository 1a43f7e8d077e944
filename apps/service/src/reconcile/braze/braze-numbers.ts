import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../../config/config.ts';
import type { Column } from '../explain/columns.ts';
import { NotRead, type ReadAnalytics } from './analytics-client.ts';
import { readMessages } from './read-messages.ts';
import { readCustomEvents, readPurchases } from './read-occurrences.ts';
import { conversions, type Series, seriesOfTypes } from './series-of-types.ts';

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
}

/**
 * Braze's own numbers of the days, as far as they can be read: a part that cannot is not known, for its reason.
 * Without a client, nothing is known for that reason.
 */
export async function brazeNumbers(
  { currents, braze }: ConnectionConfig,
  days: readonly string[],
  client: ReadAnalytics | string,
): Promise<BrazeNumbers> {
  const zone = projectTimeZone(braze.timeZone);
  const noonOf = (day: string) =>
    new Date(zone.toUtc(Date.parse(day) / 1_000 + 43_200) * 1_000).toISOString();
  const period = { days, noonOf };
  const part = <T>(work: (client: ReadAnalytics) => Promise<T>): Promise<T | { notKnown: string }> =>
    typeof client === 'string' ? Promise.resolve({ notKnown: client }) : orNotKnown(() => work(client));
  // One after another: real sends share Braze's limits.
  const messages = await part(read => readMessages(read, period));
  const customEvents = await part(read => readCustomEvents(read, period));
  const purchases = await part(read => readPurchases(read, period));

  const number = ({ series, own = '' }: Named, day: string): BrazeNumber => {
    const result = (braze: Column, machineOpens = 0) => ({
      ...{ braze, machineOpens, countsUsers: series.from === 'canvas_users' },
    });
    if (series.from === 'custom_events')
      return result(
        'notKnown' in customEvents ? customEvents : { events: customEvents.numbers.of(own, day) },
      );
    if (series.from === 'purchases')
      return result('notKnown' in purchases ? purchases : { events: purchases.of('purchases', day) });
    if ('notKnown' in messages) return result(messages);
    const sum = (names: readonly string[]) =>
      names.reduce((total, name) => total + messages.of(name, day), 0);
    const byMachines = series.from === 'messages' ? (series.byMachines ?? []) : [];
    return result({ events: sum(namesOf(series)) }, sum(namesOf(series, [byMachines].flat())));
  };
  const named = namesIn(currents);
  return {
    names: 'notKnown' in customEvents ? [] : customEvents.names.map(name => named.prefix + name),
    of(event, day) {
      const found = named.of(event);
      if (found !== undefined) return number(found, day);
      const why = 'Braze has no series of this event type.';
      return { braze: { notComparable: why }, machineOpens: 0, countsUsers: false };
    },
  };
}

interface Named {
  readonly series: Series;
  /** Name of a custom event at Braze. */
  readonly own?: string;
}

/** The series of a name in Mixpanel: of any catalogue version, or of CURRENTS_NAMES. */
function namesIn({ names }: ConnectionConfig['currents']) {
  const byName = new Map<string, Named>();
  let prefix = '';
  for (const { entries } of catalogueVersions.values())
    for (const { eventType, name, naming } of entries) {
      const series = seriesOfTypes.get(eventType);
      if (series === undefined) continue;
      if (naming !== undefined) prefix = naming.prefix;
      else for (const each of [name, names[eventType]]) if (each !== undefined) byName.set(each, { series });
    }
  const of = (event: string): Named | undefined =>
    prefix !== '' && event.startsWith(prefix)
      ? { series: { from: 'custom_events' }, own: event.slice(prefix.length) }
      : byName.get(event);
  return { prefix, of };
}

function namesOf(series: Series, of?: readonly string[]): string[] {
  switch (series.from) {
    case 'messages':
      return series.channels.flatMap(channel => (of ?? series.statistics).map(name => `${channel} ${name}`));
    case 'canvas_users':
      return series.statistics.map(name => `canvas ${name}`);
    case 'campaign_conversions':
      return conversions.map(name => `campaign ${name}`);
    default:
      return [];
  }
}

async function orNotKnown<T>(work: () => Promise<T>): Promise<T | { notKnown: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotRead) return { notKnown: error.message };
    throw error;
  }
}
