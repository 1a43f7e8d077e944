import type { CatalogueVersion } from '../currents/types.ts';
import type { ImportEvent } from '../mixpanel/types.ts';
import type { deadReasons, skipReasons } from './reasons.ts';

/** Options of the mapping. They are stored with each batch, so that a retry maps its events the same way. */
export interface MappingOptions {
  readonly catalogueVersion: CatalogueVersion;
  /** Selected event types of Braze; all by default. */
  readonly selection?: ReadonlySet<string>;
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
  /** Whether U+FFFD replaced lone surrogates, which have no UTF-8 form. */
  textRepaired: boolean;
}

/** Outcome of mapping one event. `detail` is a message for the operator. */
export type MappingResult =
  /** `json` is the JSON text of `event`, `bytes` its length in UTF-8. */
  | { outcome: 'mapped'; event: ImportEvent; json: string; bytes: number; notes: MappingNotes | undefined }
  | { outcome: 'skipped'; reason: SkipReason }
  | { outcome: 'dead'; reason: DeadReason; detail: string };
