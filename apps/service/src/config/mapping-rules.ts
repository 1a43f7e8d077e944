import { catalogueVersions, resolveNames, resolveSelection } from '@braze-mixpanel/core/currents';
import { parseExclusion } from '@braze-mixpanel/core/mapping';
import { defaultCatalogueVersion } from './default-catalogue-version.ts';
import { nameHint } from './name-hint.ts';
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
    for (const name of resolved.ok ? [] : resolved.unknown)
      fault(
        'CURRENTS_EVENTS',
        `names ${JSON.stringify(name)}, which is neither an event type nor an event name of catalogue ${catalogueVersion.id}; expected names from docs/events.md, or all.${nameHint(name, catalogueVersion)}`,
      );
  }
  if (names instanceof Map) {
    const keys = resolveSelection([...names.keys()], catalogueVersion);
    const unknown = keys.ok ? [] : keys.unknown;
    for (const key of unknown)
      fault(
        'CURRENTS_NAMES',
        `names ${quoted(key)}, which is no event of catalogue ${catalogueVersion.id}; expected names from docs/events.md.${nameHint(key, catalogueVersion)}`,
      );
    const known = [...names].filter(([key]) => !unknown.includes(key));
    const resolved = resolveNames(Object.fromEntries(known), catalogueVersion);
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
    if (result.ok) continue;
    const { message, unknownEvent } = result;
    const hint = unknownEvent === undefined ? '' : nameHint(unknownEvent, catalogueVersion);
    fault(
      'CURRENTS_EXCLUDE',
      `has ${JSON.stringify(text)}, which ${message}; expected exclusions such as Email Open where machine_open.${hint}`,
    );
  }
}
