import { z } from 'zod';
import { catalogueVersions } from '../currents/catalogue-versions.ts';
import type { MappingOptions, MappingProfile } from './types.ts';

const storedOptionsSchema = z.strictObject({
  generation: z.string(),
  selection: z.array(z.string()).nullable(),
  sendUnlisted: z.boolean(),
  shadow: z.literal(true).optional(),
});

/**
 * JSON text of mapping options, which is stored with a batch:
 * `{"generation":"2022-06","selection":null,"sendUnlisted":false}`. Equal options give equal texts: keys in
 * this order, the selection sorted, `null` for all event types. Only shadow mode adds `"shadow":true`, so
 * that texts of earlier releases stay equal.
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
  const stored: z.infer<typeof storedOptionsSchema> = {
    generation: catalogueVersionOf(options).id,
    selection: options.selection ? [...options.selection].sort() : null,
    sendUnlisted: options.sendUnlisted === true,
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
  if (!stored.success) throw new MappingOptionsError(`stored mapping options are not readable: ${cut(text)}`);
  const catalogueVersion = catalogueVersions.get(stored.data.generation);
  if (!catalogueVersion) {
    const known = [...catalogueVersions.keys()].join(', ');
    throw new MappingOptionsError(
      `a batch was accepted under the event catalogue ${cut(stored.data.generation)}, which this version does not have ` +
        `(it has ${known}); run the version that accepted it, or a newer one`,
    );
  }
  const selection = stored.data.selection ? new Set(stored.data.selection) : undefined;
  const { sendUnlisted, shadow } = stored.data;
  return { catalogueVersion, sendUnlisted, ...(selection && { selection }), ...(shadow && { shadow }) };
}

/** Catalogue version of mapping options, under its present or its former name. */
export function catalogueVersionOf(options: MappingOptions | MappingProfile) {
  return 'generation' in options ? options.generation : options.catalogueVersion;
}

/** Stored mapping options that this release can't read. The message says what to do. */
export class MappingOptionsError extends Error {
  override readonly name = 'MappingOptionsError';
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
