/**
 * OpenAPI 3.1 documents from routes that declare their parameters, bodies and answers as zod schemas.
 *
 * @module
 */
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';

/** The body of an answer: JSON of a schema, text of a media type, or `null` for an answer without a body. */
export type AnswerBody = z.ZodType | `${string}/${string}` | null;

/** One route of an HTTP API. */
export interface Operation {
  readonly method: string;
  /** With parameters as Express has them: `/notes/:id`. */
  readonly path: string;
  /** What the route does, as one sentence. */
  readonly summary: string;
  readonly query?: z.ZodObject | undefined;
  /** The JSON body; `required` is true by default. */
  readonly body?:
    | { readonly schema: z.ZodType; readonly required?: boolean; readonly example?: unknown }
    | undefined;
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, AnswerBody>>;
}

/** An HTTP API. */
export interface Api {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly operations: readonly Operation[];
  /** Every operation needs `Authorization: Bearer`; false by default. */
  readonly bearer?: boolean;
}

/**
 * The OpenAPI 3.1 document of an API. Schemas with `.meta({ id })` become named components.
 *
 * @throws Error when a schema has no form in JSON.
 * @example
 * ```ts
 * import { openApiDocument } from '@braze-mixpanel/core/open-api';
 * import * as z from 'zod';
 *
 * const document = openApiDocument({
 *   title: 'Notes',
 *   version: '1',
 *   description: 'Short texts.',
 *   operations: [
 *     { method: 'GET', path: '/notes/:id', summary: 'One note.', answers: { 200: z.object({ text: z.string() }) } },
 *   ],
 * });
 * console.log(Object.keys(document.paths ?? {}).join()); // /notes/{id}
 * ```
 */
export function openApiDocument({
  title,
  version,
  description,
  operations,
  bearer = false,
}: Api): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described(operation) };
  }
  const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' };
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title, version, description, license },
      servers: [{ url: '/' }],
      security: bearer ? [{ bearer: [] }] : [],
      ...(bearer && { components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } } }),
      paths,
    },
    { allowEmptySchema: { custom: true, unknown: true, any: true } },
  );
}

function described({ method, path, summary, query, body, answers }: Operation): ZodOpenApiOperationObject {
  const names = Array.from(path.matchAll(/:(\w+)/g), ([, name = '']) => name);
  const responses = Object.entries(answers).map(([status, answer]) => [status, responseOf(status, answer)]);
  return {
    operationId: `${method.toLowerCase()}_${path.replace(/\W+/g, '_').replace(/^_/, '')}`,
    summary,
    requestParams: {
      ...(names.length > 0 && { path: z.object(Object.fromEntries(names.map(name => [name, z.string()]))) }),
      ...(query !== undefined && { query }),
    },
    ...(body !== undefined && {
      requestBody: {
        required: body.required ?? true,
        content: {
          'application/json': {
            schema: body.schema,
            ...(body.example !== undefined && { example: body.example }),
          },
        },
      },
    }),
    responses: Object.fromEntries(responses),
  };
}

function responseOf(status: string, answer: AnswerBody): ZodOpenApiResponseObject {
  const description = Number(status) < 400 ? 'Success' : 'The error and what to do about it';
  if (answer === null) return { description };
  if (typeof answer === 'string')
    return { description, content: { [answer]: { schema: { type: 'string' } } } };
  return { description, content: { 'application/json': { schema: answer } } };
}
