import { type CatalogueVersion, catalogue2026_07, resolveSelection } from '@braze-mixpanel/core/currents';
import type { MappingOptions } from '@braze-mixpanel/core/mapping';
import { didYouMean } from '../config/near-miss.ts';

/** Outcome of {@link selectEvents}: sorted event types, `undefined` for all; or what is wrong, in sentences. */
type EventSelection =
  | { readonly ok: true; readonly eventTypes: string[] | undefined }
  | { readonly ok: false; readonly fault: string };

/** Wrong names that are explained. */
const mostFaults = 5;

/**
 * Event types for names that an operator writes, in any letter case: event types of Braze, and names in
 * Mixpanel, those of the connection (`CURRENTS_NAMES`) and those of its catalogue version or of the newest one.
 * `Custom Event` selects all custom events, `all` every event. A name of two event types is refused, and so is
 * the name of one custom event.
 */
export function selectEvents(
  given: readonly string[],
  options: Pick<MappingOptions, 'names'> & { readonly catalogueVersion: CatalogueVersion },
): EventSelection {
  const eventTypes = new Set<string>();
  const faults: string[] = [];
  const written = given.filter(name => name.trim().toLowerCase() !== 'all');
  for (const name of written) {
    const types = typesOf(name, options);
    if (types.size === 1) for (const type of types) eventTypes.add(type);
    else faults.push(faultOf(name, types, options));
  }
  if (faults.length > 0) return { ok: false, fault: faults.slice(0, mostFaults).join(' ') };
  return { ok: true, eventTypes: written.length < given.length ? undefined : [...eventTypes].sort() };
}

type Options = Parameters<typeof selectEvents>[1];

/** The event types that a name may mean; the newest catalogue has types that the connection's may lack. */
function typesOf(name: string, { names = new Map(), catalogueVersion }: Options): Set<string> {
  const types = new Set<string>();
  for (const [type, own] of names) if (sameName(own, name)) types.add(type);
  for (const version of [catalogueVersion, catalogue2026_07]) {
    const selection = resolveSelection([name], version);
    if (!selection.ok) continue;
    for (const type of selection.eventTypes) types.add(type);
    break;
  }
  return types;
}

const sameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

function faultOf(name: string, types: ReadonlySet<string>, { names, catalogueVersion }: Options): string {
  const written = JSON.stringify(name.length > 60 ? `${name.slice(0, 60).toWellFormed()}…` : name);
  if (types.size > 1) return `${written} is a name of ${[...types].sort().join(' and of ')}.`;
  const { entries } = catalogueVersion;
  if (
    entries.some(
      ({ naming }) => naming && sameName(name.trim().slice(0, naming.prefix.length), naming.prefix),
    )
  )
    return `${written} is one custom event, which cannot be chosen alone: "Custom Event" chooses all of them.`;
  const known = new Set(
    [...entries, ...catalogue2026_07.entries].flatMap(entry => [entry.eventType, entry.name]),
  );
  const near = didYouMean(name, [...(names?.values() ?? []), ...known]);
  return `Unknown: ${written}${near.replace(/^ D(.*)$/, ' (d$1)')}.`;
}
