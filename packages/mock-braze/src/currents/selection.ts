import { catalogueVersions, resolveSelection } from '@braze-mixpanel/core/currents';

/** The event types that a Current exports: all, or a list. */
export type Selection = { readonly all: true } | { readonly all: false; readonly types: ReadonlySet<string> };

/**
 * The selection from event types and Mixpanel event names of any catalogue version; `all` in a list selects
 * all. An unknown name of the form `users.…` counts as an event type, so that future types can be tried; other
 * unknown names are returned as such.
 */
export function readSelection(events: 'all' | readonly string[]): Selection | { readonly unknown: string[] } {
  if (events === 'all') return { all: true };
  const types = new Set<string>();
  const unknown: string[] = [];
  for (const name of events) {
    const known = resolved(name);
    if (known?.all) return { all: true };
    if (known) for (const eventType of known.eventTypes) types.add(eventType);
    else if (/^\w+(\.\w+)+$/.test(name)) types.add(name);
    else unknown.push(name);
  }
  return unknown.length > 0 ? { unknown } : { all: false, types };
}

function resolved(name: string) {
  return [...catalogueVersions.values()]
    .map(catalogueVersion => resolveSelection([name], catalogueVersion))
    .find(selection => selection.ok);
}

export function unknownNames(unknown: readonly string[]): string {
  return `contains unknown event types or names: ${unknown.join(', ')}. Use "all", event types such as "users.messages.email.Send", or names such as "Email Send"`;
}

/** The selection of a validated definition. @throws Error if it contains unknown names after all. */
export function selectionOf(events: 'all' | readonly string[]): Selection {
  const selection = readSelection(events);
  if ('unknown' in selection) throw new Error(`"events" ${unknownNames(selection.unknown)}.`);
  return selection;
}

/**
 * Whether a Current exports an event of this type. Braze has no selection for events without a valid type;
 * the simulator sends them to every Current, so that a receiver can be tested with bad input.
 */
export function selects(selection: Selection, eventType: unknown): boolean {
  return selection.all || typeof eventType !== 'string' || eventType === '' || selection.types.has(eventType);
}
