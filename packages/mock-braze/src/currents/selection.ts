import { catalogue2022_06, resolveSelection } from '@braze-mixpanel/core/currents';

/** What a Current exports: everything, or the event types of a list. */
export type Selection = { readonly all: true } | { readonly all: false; readonly types: ReadonlySet<string> };

/**
 * Reads event types and Mixpanel event names. An unknown name counts as an event type when it looks like one
 * (`users.…`), so that types of tomorrow can be tried; else it is returned as unknown.
 */
export function readSelection(events: 'all' | readonly string[]): Selection | { readonly unknown: string[] } {
  if (events === 'all') return { all: true };
  const types = new Set<string>();
  const unknown: string[] = [];
  for (const name of events) {
    const known = resolveSelection([name], catalogue2022_06);
    if (known.ok) for (const eventType of known.eventTypes) types.add(eventType);
    else if (/^\w+(\.\w+)+$/.test(name)) types.add(name);
    else unknown.push(name);
  }
  return unknown.length > 0 ? { unknown } : { all: false, types };
}

export function unknownNames(unknown: readonly string[]): string {
  return `names what is neither an event type nor an event name: ${unknown.join(', ')}. Take "all", event types such as "users.messages.email.Send", or names such as "Email Send"`;
}

/** The selection of a definition that was checked. @throws when it names unknown events after all. */
export function selectionOf(events: 'all' | readonly string[]): Selection {
  const selection = readSelection(events);
  if ('unknown' in selection) throw new Error(`"events" ${unknownNames(selection.unknown)}.`);
  return selection;
}

/**
 * Whether an event of this type belongs to the Current. An event without a proper type can't be selected by anyone in
 * Braze; it goes to every Current, because people send it to see how their receiver handles bad input.
 */
export function selects(selection: Selection, eventType: unknown): boolean {
  return selection.all || typeof eventType !== 'string' || eventType === '' || selection.types.has(eventType);
}
