import { catalogueVersions } from '@braze-mixpanel/core/currents';
import type { ConnectionConfig } from '../../config/config.ts';
import { type Series, seriesOfTypes } from './series-of-types.ts';

/** The series of an event name. */
export interface NamedSeries {
  readonly series: Series;
  /** Name of a custom event at Braze. */
  readonly own?: string;
}

/** No series counts the event of a name; a sentence. */
interface NotComparable {
  readonly notComparable: string;
}

/** Whether the service received events of a name in Mixpanel on a day; without a day, on any of the period. */
export type WasReceived = (event: string, day?: string) => boolean;

export interface SeriesOfNames {
  /** Before the names of custom events in Mixpanel. */
  readonly prefix: string;
  /** Names of events that Braze counts by campaign or Canvas. */
  readonly messageEvents: ReadonlySet<string>;
  /** The series of a name on a day, or over the whole period. */
  of(event: string, day?: string): NamedSeries | NotComparable;
}

const noSeries: NotComparable = { notComparable: 'Braze has no series of this event type.' };

/**
 * The series of names in Mixpanel. An event type has several: one of each catalogue version, and that of
 * CURRENTS_NAMES. Its series belongs to one of them, or it would count twice: to the one under which events came,
 * else to the present one.
 */
export function namesOfSeries(
  { names, catalogueVersion }: ConnectionConfig['currents'],
  wasReceived: WasReceived,
): SeriesOfNames {
  const types = new Map<string, string>();
  const namesOfTypes = new Map<string, Set<string>>();
  let prefix = '';
  for (const version of new Set([catalogueVersion, ...catalogueVersions.keys()]))
    for (const { eventType, name, naming } of catalogueVersions.get(version)?.entries ?? []) {
      if (!seriesOfTypes.has(eventType)) continue;
      if (naming !== undefined) {
        prefix = naming.prefix;
        continue;
      }
      const all = namesOfTypes.get(eventType) ?? new Set();
      for (const each of [names[eventType], name]) {
        if (each === undefined) continue;
        all.add(each);
        types.set(each, eventType);
      }
      namesOfTypes.set(eventType, all);
    }
  const of = (event: string, day?: string): NamedSeries | NotComparable => {
    if (prefix !== '' && event.startsWith(prefix))
      return { series: { from: 'custom_events' }, own: event.slice(prefix.length) };
    const type = types.get(event);
    if (type === undefined) return noSeries;
    const all = [...namesOfTypes.get(type)!];
    const received = all.filter(name => wasReceived(name, day));
    const [owner = all[0]!, other] = received;
    if (other !== undefined && received.includes(event))
      return {
        notComparable: `Braze counts these events together, which came as ${received.join(' and ')}.`,
      };
    return owner === event
      ? { series: seriesOfTypes.get(type)! }
      : { notComparable: `Braze counts these events as those of ${owner}.` };
  };
  const messageEvents = [...types].filter(([, type]) => seriesOfTypes.get(type)!.from !== 'purchases');
  return { prefix, messageEvents: new Set(messageEvents.map(([name]) => name)), of };
}
