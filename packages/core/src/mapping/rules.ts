import { isJsonObject, type JsonObject } from './json-object.ts';
import { catalogueVersionOf } from './mapping-options.ts';
import type { MappedResult, MappingOptions } from './types.ts';

const brazePage =
  'https://www.braze.com/docs/partners/data_and_infrastructure_agility/analytics/mixpanel_for_currents/';
const importPage = 'https://developer.mixpanel.com/reference/import-events';

/**
 * The rules of the mapping, by their code: what each does, the section of `docs/mapping.md` that has it with
 * examples, and the vendor's page that it follows.
 */
export const mappingRules = {
  event_name: {
    does: 'names the event as Braze documents it for Mixpanel',
    section: 'The event',
    source: brazePage,
  },
  configured_name: {
    does: 'names the event as `CURRENTS_NAMES` of the connection says',
    section: 'Names',
    source: null,
  },
  custom_event_name: {
    does: 'puts the prefix before the name of a custom event',
    section: 'Custom events and purchases',
    source: brazePage,
  },
  derived_name: {
    does: 'derives the name of an event type that the catalogue lacks',
    section: 'Not sent',
    source: null,
  },
  distinct_id: {
    does: 'makes the external ID the user of the event',
    section: 'External IDs',
    source: brazePage,
  },
  insert_id: {
    does: 'makes the ID of the event its `$insert_id`, so that an event that is sent again is the same one',
    section: 'The event',
    source: importPage,
  },
  insert_id_digest: {
    does: 'replaces an ID that Mixpanel would refuse by a stable digest of it',
    section: 'The event',
    source: importPage,
  },
  time: { does: 'sends the time in seconds since 1970', section: 'Time', source: importPage },
  time_converted: {
    does: 'converts a time in milliseconds, microseconds or nanoseconds into seconds',
    section: 'Time',
    source: importPage,
  },
  partner: { does: 'marks every event as one of Braze', section: 'The event', source: brazePage },
  user_id: { does: 'repeats the external ID as `$user_id`', section: 'External IDs', source: null },
  listed: { does: 'sends a listed property under its name', section: 'The event', source: brazePage },
  renamed: { does: "sends a listed property under Mixpanel's name", section: 'Names', source: brazePage },
  prefixed: {
    does: 'puts the prefix before a property of a custom event or purchase',
    section: 'Custom events and purchases',
    source: brazePage,
  },
  unlisted: {
    does: 'sends a property that is not listed, as the connection wants it',
    section: 'Names',
    source: null,
  },
  flattened: {
    does: 'flattens a value that nests deeper than Mixpanel accepts',
    section: 'Types and limits',
    source: importPage,
  },
  drifted: {
    does: 'sends a value of another type than listed as it is',
    section: 'Types and limits',
    source: null,
  },
  long_string: {
    does: 'sends a text of more than 255 characters whole; Mixpanel cuts it',
    section: 'Types and limits',
    source: importPage,
  },
  null_left_out: { does: 'leaves out what is null', section: 'The event', source: null },
  unlisted_left_out: {
    does: 'leaves out a property that is not listed, and counts it',
    section: 'Names',
    source: null,
  },
  user_left_out: {
    does: 'sends nothing else of the user',
    section: 'The event',
    source: brazePage,
  },
} as const satisfies Record<string, MappingRule>;

/** Description of a rule. */
interface MappingRule {
  /** What it does, as a clause. */
  readonly does: string;
  /** Section of `docs/mapping.md`. */
  readonly section: string;
  /** Page of the vendor; `null` for a rule of this project. */
  readonly source: string | null;
}

/** Code of a rule, such as `renamed`. */
export type MappingRuleName = keyof typeof mappingRules;

/** The rules that made one property, or left one out. */
export interface AppliedRule {
  readonly rules: readonly MappingRuleName[];
  /** Path in the Currents event; `null` for what Braze did not send. */
  readonly from: string | null;
  /** Property of the Mixpanel event, `event` for its name; `null` for what is left out. */
  readonly to: string | null;
}

/**
 * The rules that applied to a mapped event: one entry for its name, for each of its properties, and for each part
 * of the Currents event that was left out.
 *
 * @example
 * ```ts
 * import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
 * import { appliedRules, mapEvent } from '@braze-mixpanel/core/mapping';
 *
 * const event = {
 *   ...{ event_type: 'users.messages.contentcard.Click', id: 'e-1', time: 1_700_000_000 },
 *   ...{ user: { external_user_id: 'ada' }, properties: { content_card_id: 'card-1' } },
 * };
 * const options = { catalogueVersion: catalogue2022_06 };
 * const mapped = mapEvent(event, options, Date.now());
 * if (mapped.outcome === 'mapped')
 *   console.log(appliedRules(event, options, mapped).find(({ to }) => to === 'card_id')?.rules); // [ 'renamed' ]
 * ```
 */
export function appliedRules(
  event: unknown,
  options: MappingOptions,
  { event: mapped, notes }: MappedResult,
): readonly AppliedRule[] {
  const given = isJsonObject(event) ? event : {};
  const wire = isJsonObject(given.properties) ? given.properties : {};
  const user = isJsonObject(given.user) ? given.user : {};
  const origins = originsOf(given, wire, options);
  const added = (to: string): MappingRuleName[] => [
    ...(notes?.flattened.includes(to) ? (['flattened'] as const) : []),
    ...(notes?.longStrings.includes(to) ? (['long_string'] as const) : []),
  ];
  const heads: AppliedRule[] = [
    { ...nameRule(given, options), to: 'event' },
    { rules: [notes?.timeConverted ? 'time_converted' : 'time'], from: 'time', to: 'time' },
    { rules: ['distinct_id'], from: 'user.external_user_id', to: 'distinct_id' },
    { rules: [notes?.idDigested ? 'insert_id_digest' : 'insert_id'], from: 'id', to: '$insert_id' },
    { rules: ['partner'], from: null, to: '$partner_id' },
    { rules: ['user_id'], from: 'user.external_user_id', to: '$user_id' },
  ];
  const isHead = new Set(heads.map(({ to }) => to));
  const present = heads.filter(({ to }) => to === 'event' || Object.hasOwn(mapped.properties, to ?? ''));
  const properties = Object.keys(mapped.properties)
    .filter(name => !isHead.has(name))
    .map((name): AppliedRule => {
      const { rule, from } = origins.get(name) ?? { rule: 'unlisted' as const, from: `properties.${name}` };
      const hasDrifted = notes?.drifted.includes(from.split('.').at(-1) ?? '');
      return { rules: [rule, ...(hasDrifted ? (['drifted'] as const) : []), ...added(name)], from, to: name };
    });
  const sent = new Set([...present, ...properties].map(({ from }) => from));
  const unlisted = new Set(notes?.unlisted);
  const leftOut = [
    ...Object.keys(wire)
      .filter(name => !sent.has(`properties.${name}`) && !hasParts(sent, `properties.${name}.`))
      .map((name): AppliedRule => {
        const rule = unlisted.has(name) ? 'unlisted_left_out' : 'null_left_out';
        return { rules: [rule], from: `properties.${name}`, to: null };
      }),
    ...Object.keys(user)
      .filter(name => !sent.has(`user.${name}`))
      .map((name): AppliedRule => ({ rules: ['user_left_out'], from: `user.${name}`, to: null })),
  ];
  return [...present, ...properties, ...leftOut];
}

const hasParts = (paths: ReadonlySet<string | null>, start: string): boolean =>
  [...paths].some(path => path?.startsWith(start));

function nameRule(
  { event_type: eventType }: JsonObject,
  options: MappingOptions,
): Pick<AppliedRule, 'rules' | 'from'> {
  const entry = typeof eventType === 'string' ? catalogueVersionOf(options).byType.get(eventType) : undefined;
  if (entry?.naming) return { rules: ['custom_event_name'], from: `properties.${entry.naming.wire}` };
  if (typeof eventType === 'string' && options.names?.has(eventType))
    return { rules: ['configured_name'], from: 'event_type' };
  return { rules: [entry === undefined ? 'derived_name' : 'event_name'], from: 'event_type' };
}

/** Where each property comes from, by its name in Mixpanel. */
function originsOf(
  { event_type: eventType }: JsonObject,
  wire: JsonObject,
  options: MappingOptions,
): ReadonlyMap<string, { readonly rule: MappingRuleName; readonly from: string }> {
  const origins = new Map<string, { readonly rule: MappingRuleName; readonly from: string }>();
  const entry = typeof eventType === 'string' ? catalogueVersionOf(options).byType.get(eventType) : undefined;
  for (const { wire: name, mixpanel, source } of entry?.properties ?? []) {
    // A property may also arrive under its name in Mixpanel.
    const arrived = source === 'user' || (wire[name] ?? null) !== null ? name : mixpanel;
    const rule = arrived === mixpanel ? 'listed' : 'renamed';
    origins.set(mixpanel, { rule, from: `${source ?? 'properties'}.${arrived}` });
  }
  if (entry?.free) {
    const { wire: name, prefix } = entry.free;
    const free = wire[name];
    const keys = isJsonObject(free) ? Object.keys(free) : [];
    for (const key of keys)
      origins.set(prefix + key, { rule: 'prefixed', from: `properties.${name}.${key}` });
    origins.set(prefix + name, { rule: 'prefixed', from: `properties.${name}` });
  }
  return origins;
}
