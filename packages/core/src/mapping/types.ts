import type { CatalogueVersion } from '../currents/types.ts';
import type { ImportEvent } from '../mixpanel/types.ts';
import type { Exclusion } from './exclusions.ts';
import type { deadReasons, skipReasons } from './reasons.ts';

/** Options of the mapping. They are stored with each batch, so that a retry maps its events the same way. */
export interface MappingOptions {
  readonly catalogueVersion: CatalogueVersion;
  /** Selected event types of Braze; by default all that have a Mixpanel event. */
  readonly selection?: ReadonlySet<string>;
  /** Event types without a Mixpanel event that are sent besides the selection; none by default. */
  readonly alsoSend?: ReadonlySet<string>;
  /** Exclusions of {@link parseExclusion}; none by default. */
  readonly exclusions?: readonly Exclusion[];
  /** Event names in Mixpanel by Braze's event type, instead of those of the catalogue version. */
  readonly names?: ReadonlyMap<string, string>;
  /**
   * Whether an event type that the catalogue version lacks is sent under a name that derives from it; false by
   * default: its events become dead letters, to be replayed after an upgrade.
   */
  readonly sendUnknown?: boolean;
  /**
   * Whether an event without an external ID is sent with an empty `distinct_id`, which Mixpanel attributes to
   * no user; false by default: it is skipped.
   */
  readonly sendUnattributed?: boolean;
  /** Whether events also have `$user_id`, with the value of `distinct_id`; false by default. */
  readonly sendUserId?: boolean;
  /** Whether unlisted properties are sent; false by default. They are counted in any case. */
  readonly sendUnlisted?: boolean;
  /** Shadow mode: events are mapped and counted, and not delivered. */
  readonly shadow?: true;
}

/** @deprecated use {@link MappingOptions}, which calls `generation` `catalogueVersion` */
export interface MappingProfile extends Omit<MappingOptions, 'catalogueVersion'> {
  readonly generation: CatalogueVersion;
}

/** Reason for which an event is deliberately not delivered, such as `not_selected`. */
export type SkipReason = keyof typeof skipReasons;

/** Reason for which an event becomes a dead letter, such as `invalid_time`. */
export type DeadReason = keyof typeof deadReasons;

/**
 * Notes about what is unusual in a mapped event. They are counted for the operator and never prevent the
 * delivery.
 */
export interface MappingNotes {
  /** Wire names of unlisted properties. */
  unlisted: string[];
  /** Wire names of properties and of envelope fields of another type than expected. */
  drifted: string[];
  /** Mixpanel names of properties that were flattened. */
  flattened: string[];
  /**
   * Mixpanel names of properties with a string over 255 characters, which Mixpanel truncates; `event` is the
   * event's name.
   */
  longStrings: string[];
  /**
   * Part of the external ID that looks like a placeholder or an unrendered template, at most 60 characters;
   * one at most.
   */
  placeholderIds: string[];
  /** Whether `time` was in milliseconds, microseconds or nanoseconds. */
  timeConverted: boolean;
  /** Whether a digest replaced the Currents ID. */
  idDigested: boolean;
  /** Whether the catalogue version lacks the event type, which was sent nevertheless. */
  unknownType: boolean;
  /** Whether the event has no external ID, and was sent with an empty `distinct_id`. */
  unattributed: boolean;
  /** Whether U+FFFD replaced lone surrogates, which have no UTF-8 form. */
  textRepaired: boolean;
}

/** Outcome of mapping one event. `detail` is a message for the operator. */
export type MappingResult =
  | MappedResult
  /** `rule` is the exclusion that applied. */
  | { outcome: 'skipped'; reason: SkipReason; rule?: string }
  | { outcome: 'dead'; reason: DeadReason; detail: string };

/** A mapped event: its JSON text for `POST /import`, and what a sender needs besides. */
export interface MappedResult {
  readonly outcome: 'mapped';
  /** Name of the event in Mixpanel. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** ID of the user; empty for an event of no user. */
  readonly distinctId: string;
  readonly insertId: string;
  /** JSON text of the event. */
  readonly json: string;
  /** Length of `json` in UTF-8, in bytes. */
  readonly bytes: number;
  readonly notes: MappingNotes | undefined;
  /** The event as an object, parsed from `json` at each access: read it once, and only where the text does not do. */
  readonly event: ImportEvent;
}
