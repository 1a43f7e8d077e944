import type { CatalogueVersion } from '../currents/types.ts';
import type { ImportEvent } from '../mixpanel/types.ts';
import type { deadReasons, skipReasons } from './reasons.ts';

/** Options of the mapping that a batch was accepted under; stored with it, so that sending it again maps the same. */
export interface MappingOptions {
  readonly catalogueVersion: CatalogueVersion;
  /** Selected event types; `undefined` means all. */
  readonly selection?: ReadonlySet<string>;
  /** Send unlisted properties as well (they are always counted). */
  readonly sendUnlisted?: boolean;
  /** Map and check, and deliver nothing. */
  readonly shadow?: true;
}

/** @deprecated use {@link MappingOptions}, which calls `generation` `catalogueVersion` */
export interface MappingProfile extends Omit<MappingOptions, 'catalogueVersion'> {
  readonly generation: CatalogueVersion;
}

export type SkipReason = keyof typeof skipReasons;

export type DeadReason = keyof typeof deadReasons;

/** What a mapped event lost nothing by, but an operator may want to know: counted, never a reason to hold it back. */
export interface MappingNotes {
  /** Wire names of unlisted properties. */
  unlisted: string[];
  /** Wire names of properties, and of envelope fields, whose type is not the expected one. */
  drifted: string[];
  /** Mixpanel names of properties that were flattened. */
  flattened: string[];
  /** Mixpanel names of properties that hold a string over 255 characters, which Mixpanel cuts; `event` is the event's own name. */
  longStrings: string[];
  /** What of the external id looks like a placeholder or an unrendered template, cut short (`placeholderIn`); one at most. */
  placeholderIds: string[];
  /** `time` came in milliseconds, microseconds or nanoseconds. */
  timeConverted: boolean;
  /** The Currents id was replaced by its digest. */
  idDigested: boolean;
  /** Lone surrogates, which no UTF-8 text can hold, were replaced by U+FFFD. */
  textRepaired: boolean;
}

export type MappingResult =
  /** `bytes` is the UTF-8 length of `JSON.stringify(event)`; `json` is that text, so that nobody writes it twice. */
  | { outcome: 'mapped'; event: ImportEvent; json: string; bytes: number; notes: MappingNotes | undefined }
  | { outcome: 'skipped'; reason: SkipReason }
  | { outcome: 'dead'; reason: DeadReason; detail: string };
