import {
  type MappingOptions,
  MappingOptionsError,
  mappingOptionsText,
  parseExclusion,
  parseMappingOptions,
} from '@braze-mixpanel/core/mapping';
import type { StoredMapping } from '@braze-mixpanel/storage';
import { BackfillError } from '../backfill-error.ts';

/** Which options apply before the first entry of the history. */
type MappingBefore = 'present' | 'oldest';

/** Mapping options by moment, as data. */
export interface MappingPeriods {
  /** Oldest first. */
  readonly history: readonly StoredMapping[];
  /** JSON text of the present options. */
  readonly present: string;
  readonly before: MappingBefore;
}

/** The options under which events of past moments are mapped. */
export interface MappingInForce {
  /** JSON text of the options. @param moment milliseconds since 1970 */
  at(moment: number): string;
}

/**
 * Mapping options by moment. What makes an event another one to Mixpanel is taken from the history: catalogue
 * version, names, `$user_id`, and whether unknown types get a name. What is selected and excluded is taken from
 * the present options: an event that was left out then is wanted now.
 *
 * @throws BackfillError if an entry names a catalogue version that this release does not have
 */
export function mappingInForce({ history, present, before }: MappingPeriods): MappingInForce {
  const periods = history.map(({ since, options }) => ({
    since,
    text: known(() => withIdentity(options, present)),
  }));
  const first = before === 'present' ? present : (periods[0]?.text ?? present);
  return {
    at: moment => periods.findLast(({ since }) => since <= moment)?.text ?? first,
  };
}

/** The options of the past that the history keeps: those that decide which event it is to Mixpanel. */
export function identityOptions({
  catalogueVersion,
  names,
  sendUserId,
  sendUnknown,
}: MappingOptions): string {
  return mappingOptionsText({
    catalogueVersion,
    ...(names && { names }),
    ...(sendUserId !== undefined && { sendUserId }),
    ...(sendUnknown !== undefined && { sendUnknown }),
  });
}

/**
 * The present options with those of the past that decide which event it is to Mixpanel.
 *
 * @throws MappingOptionsError if this release does not have a catalogue version
 */
export function withIdentity(past: string, present: string): string {
  const { catalogueVersion, names, sendUserId, sendUnknown } = parseMappingOptions(past);
  const {
    names: _,
    sendUserId: __,
    sendUnknown: ___,
    exclusions = [],
    ...rest
  } = parseMappingOptions(present);
  return mappingOptionsText({
    ...rest,
    catalogueVersion,
    ...(names && { names }),
    ...(sendUserId && { sendUserId }),
    ...(sendUnknown && { sendUnknown }),
    // An exclusion of an event that the catalogue version lacks applies to nothing.
    exclusions: exclusions.flatMap(({ text }) => {
      const parsed = parseExclusion(text, catalogueVersion);
      return parsed.ok ? [parsed.exclusion] : [];
    }),
  });
}

/** Reads stored options, which a newer release may have written. @throws BackfillError */
function known<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MappingOptionsError) || error.unknownVersion === undefined) throw error;
    throw new BackfillError(
      `Some events were mapped under the catalogue version ${error.unknownVersion}, which this release does not have. Run the release that had it, or a newer one, then resume the back-fill.`,
      { cause: error },
    );
  }
}
