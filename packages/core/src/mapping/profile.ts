import { z } from 'zod';
import { generations } from '../currents/generations.ts';
import type { MappingProfile } from './types.ts';

const profileSchema = z.strictObject({
  generation: z.string(),
  selection: z.array(z.string()).nullable(),
  sendUnlisted: z.boolean(),
  shadow: z.literal(true).optional(),
});

/**
 * The JSON text that is stored with a batch: `{"generation":"2022-06","selection":null,"sendUnlisted":false}`.
 * Equal profiles give equal texts: keys in this order, the selection sorted, `null` for "all event types".
 * `"shadow":true` stands there in shadow only, so that the texts of all others stay what they were.
 */
export function profileText(profile: MappingProfile): string {
  const stored: z.infer<typeof profileSchema> = {
    generation: profile.generation.id,
    selection: profile.selection ? [...profile.selection].sort() : null,
    sendUnlisted: profile.sendUnlisted === true,
    ...(profile.shadow && { shadow: true }),
  };
  return JSON.stringify(stored);
}

/**
 * Reads what `profileText` wrote.
 * @throws {ProfileError} when the text is not a profile, or pins a generation that this version does not have
 */
export function parseProfile(text: string): MappingProfile {
  const stored = profileSchema.safeParse(parsedJson(text));
  if (!stored.success) throw new ProfileError(`a stored mapping profile is not readable: ${cut(text)}`);
  const generation = generations.get(stored.data.generation);
  if (!generation) {
    const known = [...generations.keys()].join(', ');
    throw new ProfileError(
      `a batch was accepted under the event catalogue ${cut(stored.data.generation)}, which this version does not have ` +
        `(it has ${known}); run the version that accepted it, or a newer one`,
    );
  }
  const selection = stored.data.selection ? new Set(stored.data.selection) : undefined;
  const { sendUnlisted, shadow } = stored.data;
  return { generation, sendUnlisted, ...(selection && { selection }), ...(shadow && { shadow }) };
}

export class ProfileError extends Error {
  override readonly name = 'ProfileError';
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
