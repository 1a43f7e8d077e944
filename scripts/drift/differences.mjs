/**
 * What Braze's glossary, or samples, have and a catalogue version lacks or types differently. The opposite is
 * not reported: what the catalogue alone has harms nothing.
 */

/** Fields that every event has, which the catalogue does not list. */
const envelope = {
  storage: [],
  'custom HTTP': [
    'event_type',
    'id',
    'time',
    'user.user_id',
    'user.external_user_id',
    'user.device_id',
    'user.timezone',
  ],
  Mixpanel: [
    'event',
    ...['$partner_id', 'distinct_id', '$insert_id', 'time', 'token'].map(name => `properties.${name}`),
  ],
};

/**
 * Differences of blocks (`readGlossary`, `readSamples`) from a catalogue version and the glossary of which it
 * is made, each once: `{ file, tab, eventType, kind, name, theirs, ours }`; `ours` is absent if the catalogue
 * lacks it. `kind` is `event type`, `connector` for an event type that Custom HTTP does not carry in the
 * catalogue, `property`, `type`, `name` (in Mixpanel), `unreadable`, or `tab` for one of an unknown heading, which
 * may be a known one that Braze renamed.
 */
export function differences(blocks, catalogueVersion, glossary) {
  const facts = new Map(glossary.map(entry => [entry.eventType, entry]));
  const all = blocks.flatMap(block => {
    const { file, tab, eventType } = block;
    const found = difference => ({ file, tab, ...(eventType && { eventType }), ...difference });
    if (block.unreadable !== undefined) return [found({ kind: 'unreadable', name: block.unreadable })];
    if (block.unknownTab) return [found({ kind: 'tab', name: tab })];
    const entry = catalogueVersion.byType.get(eventType);
    if (entry === undefined) return [found({ kind: 'event type', name: eventType })];
    const fact = facts.get(eventType);
    return [...connectorOf(block, entry), ...headingOf(block, fact), ...fieldsOf(block, entry, fact)].map(
      found,
    );
  });
  return [
    ...new Map(
      all.map(each => [JSON.stringify([each.tab, each.eventType, each.kind, each.name, each.theirs]), each]),
    ).values(),
  ];
}

const connectorOf = ({ tab }, { storageOnly }) =>
  tab === 'custom HTTP' && storageOnly ? [{ kind: 'connector', name: tab }] : [];

function headingOf({ tab, heading }, fact) {
  const ours = fact?.mixpanel?.heading;
  if (tab !== 'Mixpanel' || heading === undefined || heading === ours) return [];
  return [{ kind: 'name', name: heading, theirs: heading, ...(ours !== undefined && { ours }) }];
}

function fieldsOf({ tab, fields }, entry, fact) {
  const known = knownOf(tab, entry, fact);
  return fields.flatMap(({ path, type }) => {
    if (envelope[tab].includes(path) || isFree(path, tab, entry)) return [];
    const name = path.replace(/^properties\./, '');
    const ours = known.get(path);
    if (ours === undefined) return [{ kind: 'property', name, theirs: type }];
    const isSame = type === 'constant' || sameType(type, ours);
    return isSame ? [] : [{ kind: 'type', name, theirs: type, ours }];
  });
}

/** Types by path that the catalogue version has for a connector. */
function knownOf(tab, entry, fact) {
  if (tab === 'storage') return new Map(fact?.storage.map(({ name, type }) => [name, type]));
  if (tab === 'Mixpanel')
    return new Map(entry.properties.map(each => [`properties.${each.mixpanel}`, each.type]));
  return new Map(
    [...entry.properties, ...(entry.unlisted ?? [])].map(({ source, wire, type }) => [
      `${source ?? 'properties'}.${wire}`,
      type,
    ]),
  );
}

/** Whether a path is the name of a custom event, or one of the free properties that each customer defines. */
function isFree(path, tab, { naming, free }) {
  if (tab === 'Mixpanel') return free !== undefined && path.startsWith(`properties.${free.prefix}`);
  return [naming?.wire, free?.wire].some(
    wire => wire !== undefined && (path === `properties.${wire}` || path.startsWith(`properties.${wire}.`)),
  );
}

/** Whole numbers have two names in the glossary; a sample's whole number may be a float's value. */
function sameType(theirs, ours) {
  const plain = type => ({ long: 'int', 'string[]': 'array of string', bool: 'boolean' })[type] ?? type;
  return plain(theirs) === plain(ours) || (plain(theirs) === 'int' && plain(ours) === 'float');
}
