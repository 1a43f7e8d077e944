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
 * The JSON text stored with a batch: `{"generation":"2022-06","selection":null,"sendUnlisted":false}`.
 * Equal options give equal texts: keys in this order, the selection sorted, `null` for "all event types".
 * `"shadow":true` is added in shadow mode only, so that all other texts stay what they were.
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
 * The mapping options in a text of {@link mappingOptionsText}.
 * @throws {MappingOptionsError} when the text is not one of these, or names a catalogue version that this release does not have
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

/** The catalogue version of mapping options, also of those that give it under its former name. */
export function catalogueVersionOf(options: MappingOptions | MappingProfile) {
  return 'generation' in options ? options.generation : options.catalogueVersion;
}

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
