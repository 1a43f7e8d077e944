import facts from './facts.json' with { type: 'json' };

/** Type of a field in Braze's glossary. `long` and `int` are whole numbers, `float` has 32 bits in files. */
export type GlossaryType = 'string' | 'int' | 'long' | 'float' | 'boolean' | 'array of string';

/** Field of an event type in Braze's glossary. */
export interface GlossaryField {
  readonly name: string;
  readonly type: GlossaryType;
  readonly optional: boolean;
  /** Whether Braze marks the field as personal data. */
  readonly personal: boolean;
}

/** Event type of Braze's glossary: where it is carried, and what becomes of it in Mixpanel. */
export interface GlossaryEntry {
  readonly eventType: string;
  readonly title: string;
  /** Fields of the Custom HTTP connector; absent if the type exists in the storage export only. */
  readonly customHttp?: {
    readonly user: readonly GlossaryField[];
    readonly properties: readonly GlossaryField[];
  };
  /** Fields of a record of the storage export. */
  readonly storage: readonly GlossaryField[];
  /** The Mixpanel tab; absent if the type has none. */
  readonly mixpanel?: {
    readonly heading: string;
    /** Name in Mixpanel by the name of a renamed property. */
    readonly renamed: ReadonlyMap<string, string>;
    /** Fields of `user` that are properties in Mixpanel. */
    readonly fromUser: ReadonlySet<string>;
    /** Properties that Mixpanel does not get. */
    readonly withheld: ReadonlySet<string>;
  };
}

interface Fact {
  readonly eventType: string;
  readonly title: string;
  readonly heading?: string;
  readonly user?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly storage: Readonly<Record<string, string>>;
  readonly mixpanel?: {
    readonly renamed?: Readonly<Record<string, string>>;
    readonly fromUser?: readonly string[];
    readonly withheld?: readonly string[];
  };
}

/**
 * Braze's glossary of 2026-07-21 (Currents version 10) with all 94 event types, in its order.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/
 */
export const glossary2026_07: readonly GlossaryEntry[] = (facts.events as unknown as readonly Fact[]).map(
  glossaryEntry,
);

function glossaryEntry({
  eventType,
  title,
  heading,
  user,
  properties,
  storage,
  mixpanel,
}: Fact): GlossaryEntry {
  return {
    eventType,
    title,
    storage: fieldsOf(storage),
    ...(properties && { customHttp: { user: fieldsOf(user ?? {}), properties: fieldsOf(properties) } }),
    ...(mixpanel &&
      heading !== undefined && {
        mixpanel: {
          heading,
          renamed: new Map(Object.entries(mixpanel.renamed ?? {})),
          fromUser: new Set(mixpanel.fromUser),
          withheld: new Set(mixpanel.withheld),
        },
      }),
  };
}

function fieldsOf(fields: Readonly<Record<string, string>>): GlossaryField[] {
  return Object.entries(fields).map(([name, notation]) => ({ name, ...glossaryField(notation) }));
}

/** Reads a type as the facts write it, such as `string? pii`. */
function glossaryField(notation: string): Omit<GlossaryField, 'name'> {
  const personal = notation.endsWith(' pii');
  const type = personal ? notation.slice(0, -' pii'.length) : notation;
  const optional = type.endsWith('?');
  return { type: (optional ? type.slice(0, -1) : type) as GlossaryType, optional, personal };
}
