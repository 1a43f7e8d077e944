import type { entries2022_06 } from './catalogue-2022-06/index.ts';
import type { CatalogueEntry, CurrentsUser, PropertyType } from './types.ts';

interface ValueOf {
  string: string;
  float: number;
  int: number;
  boolean: boolean;
  'string[]': string[];
}

type ListedProperties<Entry extends CatalogueEntry> = {
  [Property in Entry['properties'][number] as Property['wire']]?:
    | ValueOf[Property['type'] & PropertyType]
    | null;
};

type NamingProperty<Entry> = Entry extends { naming: { wire: infer Wire extends string } }
  ? { [Name in Wire]: string }
  : unknown;

/** Free properties: an object in the request, or its JSON text in the storage export. */
type FreeProperties<Entry> = Entry extends { free: { wire: infer Wire extends string } }
  ? { [Name in Wire]?: Record<string, unknown> | string | null }
  : unknown;

/** Type of an event of a catalogue entry, as Braze sends it. */
export interface EventOf<Entry extends CatalogueEntry> {
  event_type: Entry['eventType'];
  /** ID of the event; the same when Braze sends the event again. */
  id: string;
  /** Seconds since 1970. */
  time: number;
  user: CurrentsUser;
  properties: ListedProperties<Entry> & NamingProperty<Entry> & FreeProperties<Entry>;
}

type Entry2022_06 = (typeof entries2022_06)[number];

/** One of the 41 event types of the catalogue version 2022-06, for example `users.messages.email.Send`. */
export type EventType = Entry2022_06['eventType'];

/** Type of an event of this event type, as Braze sends it: `CurrentsEventOf<'users.messages.email.Send'>`. */
export type CurrentsEventOf<Type extends EventType> = EventOf<Extract<Entry2022_06, { eventType: Type }>>;
