/**
 * Mixpanel's Lexicon Schemas API: entries of the data dictionary, which Lexicon shows.
 *
 * Sources: https://developer.mixpanel.com/reference/lexicon-schemas-api, its OpenAPI document
 * (`openapi/lexicon-schemas.openapi.yaml` in github.com/mixpanel/docs) and its page "Limits"; read in 2026.
 */
import { z } from 'zod';

/**
 * Limits of the Lexicon Schemas API. The first two are per organization and minute.
 *
 * @see https://developer.mixpanel.com/reference/limits
 */
export const lexiconLimits = {
  requestsPerMinute: 5,
  /** Events and properties updated; exclusive by the page "Rate Limits", inclusive by the page "Limits". */
  updatesPerMinute: 4_000,
  /** Entries deleted by one request. */
  deletionsPerRequest: 3_000,
} as const;

const mixpanelMetadata = z.strictObject({
  displayName: z.string().optional(),
  hidden: z.boolean().optional(),
  dropped: z.boolean().optional(),
});

const propertySchema = z.looseObject({
  type: z.enum(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']),
  description: z.string().optional(),
  metadata: z.looseObject({ 'com.mixpanel': mixpanelMetadata.optional() }).optional(),
});

/**
 * Schema of one entity, as an upload has it. Other keywords of JSON Schema pass, since the API's overview
 * shows some.
 *
 * @see https://developer.mixpanel.com/reference/upload-schemas-for-project
 */
export const lexiconSchemaSchema = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), propertySchema).optional(),
  metadata: z
    .looseObject({
      'com.mixpanel': mixpanelMetadata
        .extend({
          $source: z.string().optional(),
          tags: z.array(z.string()).optional(),
          contacts: z.array(z.string()).optional(),
          teamContacts: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
});

/** Kinds of entities that the API knows. */
export const lexiconEntityTypes = ['event', 'profile'] as const;

/**
 * Schema of one entry of an upload.
 *
 * @see https://developer.mixpanel.com/reference/upload-schemas-for-project
 */
export const lexiconEntrySchema = z.strictObject({
  entityType: z.enum(lexiconEntityTypes),
  name: z.string().min(1),
  schemaJson: lexiconSchemaSchema,
});

/** One entry of an upload. */
export type LexiconEntry = z.output<typeof lexiconEntrySchema>;

/**
 * Schema of the list of entries. It requires the status and names; what an entry contains may be of any shape.
 *
 * @see https://developer.mixpanel.com/reference/list-schemas-for-entity
 */
export const lexiconListSchema = z.looseObject({
  status: z.literal('ok'),
  results: z.array(z.looseObject({ name: z.string(), entityType: z.string(), schemaJson: z.unknown() })),
});

/** One entry of the list. */
export type ListedLexiconEntry = z.output<typeof lexiconListSchema>['results'][number];
