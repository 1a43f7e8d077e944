import { catalogueVersions, resolveNames, resolveSelection } from '@braze-mixpanel/core/currents';
import { parseExclusion } from '@braze-mixpanel/core/mapping';
import { defaultCatalogueVersion } from './default-catalogue-version.ts';
import { didYouMean } from './near-miss.ts';
import type { ConnectionSettings } from './shape.ts';
import { quoted } from './values.ts';

type Fault = (setting: keyof ConnectionSettings, message: string) => void;

/** Most exclusions of a connection: each is a label of metrics and a check of every event. */
const mostExclusions = 50;

/** Most characters of an exclusion. */
const longestExclusion = 200;

/** Rules of the settings that name events: they depend on the catalogue version. */
export function checkMapping(connection: ConnectionSettings, fault: Fault): void {
  // With an unknown catalogue version, names are checked against the default one: most are in every version.
  const catalogueVersion =
    catalogueVersions.get(connection.CURRENTS_GENERATION) ?? catalogueVersions.get(defaultCatalogueVersion)!;
  const { CURRENTS_EVENTS: events, CURRENTS_NAMES: names, CURRENTS_EXCLUDE: exclusions } = connection;
  if (Array.isArray(events)) {
    const resolved = resolveSelection(events, catalogueVersion);
    const known = catalogueVersion.entries.flatMap(entry => [entry.eventType, entry.name]);
    for (const name of resolved.ok ? [] : resolved.unknown)
      fault(
        'CURRENTS_EVENTS',
        `names ${JSON.stringify(name)}, which is neither an event type nor an event name of catalogue ${catalogueVersion.id}; expected names from docs/events.md, or all.${didYouMean(name, known)}`,
      );
  }
  if (names instanceof Map) {
    const resolved = resolveNames(Object.fromEntries(names), catalogueVersion);
    for (const message of resolved.ok ? [] : resolved.faults)
      fault(
        'CURRENTS_NAMES',
        `cannot be used: ${message}; expected names from docs/events.md, each with a name in Mixpanel of its own.`,
      );
  }
  if (!Array.isArray(exclusions)) return;
  if (exclusions.length > mostExclusions) {
    fault('CURRENTS_EXCLUDE', `has ${exclusions.length} exclusions; expected at most ${mostExclusions}.`);
    return;
  }
  for (const text of exclusions) {
    if (text.length > longestExclusion) {
      const shown = quoted(text);
      fault('CURRENTS_EXCLUDE', `has ${shown}; expected at most ${longestExclusion} characters each.`);
      continue;
    }
    const result = parseExclusion(text, catalogueVersion);
    if (!result.ok)
      fault(
        'CURRENTS_EXCLUDE',
        `has ${JSON.stringify(text)}, which ${result.message}; expected exclusions such as Email Open where machine_open.`,
      );
  }
}
