import { z } from 'zod';
import { generationSchema } from './generation.ts';
import { readSelection, unknownNames } from './selection.ts';
import { storageFields } from './storage/storage-definition.ts';

const common = {
  name: z.string().min(1).default('Current'),
  contactEmail: z.email().default('currents@example.com'),
  /** Event types or Mixpanel event names; `all` includes unknown event types. */
  events: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .superRefine((events, context) => {
      const selection = readSelection(events);
      if ('unknown' in selection)
        context.addIssue({ code: 'custom', message: unknownNames(selection.unknown) });
    })
    .default('all'),
  /** Catalogue version of the test events, of the events in Mixpanel, and of the schemas of files. */
  generation: generationSchema,
};

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

/** A token with any other character can't be sent in a header, and the resulting error would quote it. */
const bearerToken = z
  .string()
  .regex(
    /^[\x21-\x7e]+$/,
    'must consist of visible ASCII characters without spaces, since it is sent in a header',
  );

const customHttpSchema = z.strictObject({
  kind: z.literal('custom-http'),
  ...common,
  endpoint: httpUrl,
  token: bearerToken.optional(),
});

const mixpanelExportSchema = z.strictObject({
  kind: z.literal('mixpanel-export'),
  ...common,
  apiSecret: z.string().min(1),
  token: z.string().min(1),
  region: z.enum(['us', 'eu', 'in']).default('us'),
  /** Origin to use instead of the region's, for example a simulator's. */
  apiUrl: httpUrl.optional(),
});

const storageSchema = z.strictObject({ ...common, ...storageFields });

const creation = { launch: z.boolean().default(false), probe: z.boolean().default(false) };

/** The fields of the dashboard's form. Only the state snapshot contains the secrets. */
export const currentDefinitionSchema = z.discriminatedUnion('kind', [
  customHttpSchema,
  mixpanelExportSchema,
  storageSchema,
]);
/** The same fields, with the actions that `POST /_sim/currents` can include. */
export const currentCreationSchema = z.discriminatedUnion('kind', [
  customHttpSchema.extend(creation),
  mixpanelExportSchema.extend(creation),
  storageSchema.extend(creation),
]);
export type CurrentDefinition = z.infer<typeof currentDefinitionSchema>;
