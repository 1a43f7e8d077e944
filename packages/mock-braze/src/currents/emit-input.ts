/** The body of `POST /_sim/emit`: events to emit, or a number of sample events to generate. */
import { type CatalogueVersion, catalogueVersions } from '@braze-mixpanel/core/currents';
import { ControlInputError } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { MockBrazeModel } from '../model.ts';
import { settingsSchema } from '../settings.ts';
import { catalogueVersionOf, exportedEntries, generationSchema } from './generation.ts';
import { defaultCampaigns } from './sample-campaigns.ts';
import { readSelection, unknownNames } from './selection.ts';

const generateSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  /** Catalogue version of the types and fields. */
  generation: generationSchema,
  /** Event types or Mixpanel event names; by default all that Custom HTTP carries. */
  types: z.array(z.string().min(1)).min(1).optional(),
  /** Whether all also has the event types that only files have; by name they can be generated anyway. */
  storageOnly: z.boolean().default(false),
  /** Share of events without an external ID, besides those of anonymous users (0 to 1). */
  anonymous: z.number().min(0).max(1).default(0),
  /** Whether events also have the fields that Braze sends today and the catalogue version does not list. */
  unlisted: z.boolean().default(false),
  /** Number of campaigns and of Canvases that the events belong to. */
  campaigns: z.int().min(1).max(1_000).default(defaultCampaigns),
  /** Place of the first one in the cycle of types and users: the number of those generated before, to go on after them. */
  first: z.int().min(0).max(1_000_000_000).default(0),
  seed: z.union([z.string(), z.number()]).optional(),
});

export const emitSchema = z
  .strictObject({
    /** Not validated: there may be a hundred thousand events, and invalid ones are allowed on purpose. */
    events: z.custom<readonly unknown[]>(Array.isArray, 'must be an array').optional(),
    generate: generateSchema.optional(),
    /** Sends everything at once; if false, only full batches. */
    flush: z.boolean().default(true),
    ...settingsSchema.pick({ duplicates: true, disorder: true }).shape,
  })
  .refine(
    ({ events, generate }) => (events === undefined) !== (generate === undefined),
    'must have exactly one of events, generate',
  );

export const emitExample = { generate: { count: 100, types: ['Email Send'] } };

/** The events to emit. @throws ControlInputError if none can be generated. */
export function eventsOf(
  { events, generate }: z.output<typeof emitSchema>,
  model: MockBrazeModel,
): readonly unknown[] {
  if (events !== undefined || generate === undefined) return events ?? [];
  const selection = readSelection(generate.types ?? 'all');
  if ('unknown' in selection) throw new ControlInputError(`"types" ${unknownNames(selection.unknown)}.`);
  const catalogueVersion = catalogueVersionOf(generate.generation);
  const exported = exportedTypes(catalogueVersion, !selection.all || generate.storageOnly);
  const lacking = selection.all ? [] : [...selection.types].filter(type => !exported.includes(type));
  if (lacking.length > 0) throw new ControlInputError(notExported(lacking, generate.generation));
  const types = selection.all ? exported : exported.filter(type => selection.types.has(type));
  const { count, seed, anonymous, unlisted, campaigns, first } = generate;
  const choices = { catalogueVersion, anonymous, unlisted, first, campaigns };
  const samples = model.samples(count, types, seed, choices);
  if (samples) return samples;
  throw new ControlInputError('There are no users to generate events for. POST /_sim/users creates some.');
}

const exportedTypes = (catalogueVersion: CatalogueVersion, storageOnly: boolean) =>
  exportedEntries(catalogueVersion, storageOnly).map(({ eventType }) => eventType);

function notExported(types: readonly string[], generation: string): string {
  const other = [...catalogueVersions.values()].find(catalogueVersion => {
    const exported = exportedTypes(catalogueVersion, true);
    return types.every(type => exported.includes(type));
  });
  const advice = other ? ` "generation": "${other.id}" has them.` : '';
  return `"types" contains event types that Braze does not export in ${generation}: ${types.join(', ')}.${advice}`;
}
