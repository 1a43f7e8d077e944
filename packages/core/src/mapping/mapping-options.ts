import { z } from 'zod';
import { catalogueVersions } from '../currents/catalogue-versions.ts';
import { parseExclusion } from './exclusions.ts';
import type { MappingOptions, MappingProfile } from './types.ts';

const storedOptionsSchema = z.strictObject({
  generation: z.string(),
  selection: z.array(z.string()).nullable(),
  sendUnlisted: z.boolean(),
  alsoSend: z.array(z.string()).optional(),
  exclusions: z.array(z.string()).optional(),
  names: z.record(z.string(), z.string()).optional(),
  sendUnknown: z.literal(true).optional(),
  sendUnattributed: z.literal(true).optional(),
  sendUserId: z.literal(true).optional(),
  shadow: z.literal(true).optional(),
});

/**
 * JSON text of mapping options, which is stored with a batch:
 * `{"generation":"2022-06","selection":null,"sendUnlisted":false}`. Equal options give equal texts: keys in
 * this order, lists and names sorted, `null` for all event types. Any other option adds its key only if it
 * differs from its default, so that texts of earlier releases stay equal.
 *
 * @example
 * ```ts
 * import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
 * import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
 *
 * const text = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
 * console.log(text); // {"generation":"2022-06","selection":null,"sendUnlisted":false}
 * ```
 */
export function mappingOptionsText(options: MappingOptions | MappingProfile): string {
  const { selection, alsoSend, exclusions, names } = options;
  const stored: z.infer<typeof storedOptionsSchema> = {
    generation: catalogueVersionOf(options).id,
    selection: selection ? [...selection].sort() : null,
    sendUnlisted: options.sendUnlisted === true,
    ...(alsoSend?.size && { alsoSend: [...alsoSend].sort() }),
    ...(exclusions?.length && { exclusions: exclusions.map(({ text }) => text) }),
    ...(names?.size && { names: Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...(options.sendUnknown && { sendUnknown: true }),
    ...(options.sendUnattributed && { sendUnattributed: true }),
    ...(options.sendUserId && { sendUserId: true }),
    ...(options.shadow && { shadow: true }),
  };
  return JSON.stringify(stored);
}

/**
 * Mapping options of a text: the inverse of {@link mappingOptionsText}.
 *
 * @throws {MappingOptionsError} if the text is damaged, or names a catalogue version that this release does
 * not have
 * @example
 * ```ts
 * import { parseMappingOptions } from '@braze-mixpanel/core/mapping';
 *
 * const options = parseMappingOptions('{"generation":"2022-06","selection":null,"sendUnlisted":false}');
 * console.log(options.catalogueVersion.id); // 2022-06
 * ```
 */
export function parseMappingOptions(text: string): MappingOptions {
  const stored = storedOptionsSchema.safeParse(parsedJson(text));
  if (!stored.success) throw unreadable(text);
  const catalogueVersion = catalogueVersions.get(stored.data.generation);
  if (!catalogueVersion) {
    const known = [...catalogueVersions.keys()].join(', ');
    throw new MappingOptionsError(
      `a batch was accepted under the event catalogue ${cut(stored.data.generation)}, which this version does not have ` +
        `(it has ${known}); run the version that accepted it, or a newer one`,
      stored.data.generation,
    );
  }
  const { generation, selection, alsoSend, exclusions, names, ...flags } = stored.data;
  return {
    catalogueVersion,
    ...flags,
    ...(selection && { selection: new Set(selection) }),
    ...(alsoSend && { alsoSend: new Set(alsoSend) }),
    ...(exclusions && {
      exclusions: exclusions.map(each => {
        const result = parseExclusion(each, catalogueVersion);
        if (!result.ok) throw unreadable(text);
        return result.exclusion;
      }),
    }),
    ...(names && { names: new Map(Object.entries(names)) }),
  };
}

const unreadable = (text: string) =>
  new MappingOptionsError(`stored mapping options are not readable: ${cut(text)}`);

/** Catalogue version of mapping options, under its present or its former name. */
export function catalogueVersionOf(options: MappingOptions | MappingProfile) {
  return 'generation' in options ? options.generation : options.catalogueVersion;
}

/** Stored mapping options that this release can't read. The message says what to do. */
export class MappingOptionsError extends Error {
  override readonly name = 'MappingOptionsError';
  /** The catalogue version that this release does not have; `undefined` if the text is damaged. */
  readonly unknownVersion: string | undefined;

  constructor(message: string, unknownVersion?: string) {
    super(message);
    this.unknownVersion = unknownVersion;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
