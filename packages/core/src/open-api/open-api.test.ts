import { expect, it } from 'vitest';
import * as z from 'zod';
import { type Operation, openApiDocument } from './index.ts';

const documentOf = (operation: Partial<Operation>, bearer = false) =>
  openApiDocument({
    title: 'Notes',
    version: '1',
    description: 'Short texts.',
    bearer,
    operations: [
      { method: 'POST', path: '/notes/:id', summary: 'Changes a note.', answers: {}, ...operation },
    ],
  });

it('a path parameter is a required string', () => {
  const { paths = {} } = documentOf({});
  expect(paths['/notes/{id}']?.post?.parameters).toEqual([
    { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
  ]);
});

it('a body is described as a client sends it, a response as the client receives it', () => {
  const schema = z.object({ limit: z.string().transform(Number).pipe(z.int()).default(1) });
  const operation = documentOf({ body: { schema }, answers: { 200: schema } }).paths?.['/notes/{id}']?.post;
  expect(operation?.requestBody).toMatchObject({
    required: true,
    content: { 'application/json': { schema: { properties: { limit: { type: 'string' } } } } },
  });
  expect(operation?.responses?.[200]).toMatchObject({
    content: { 'application/json': { schema: { required: ['limit'], additionalProperties: false } } },
  });
});

it('a response may be text of a media type, or have no body', () => {
  const { responses } = documentOf({ answers: { 200: 'text/event-stream', 204: null } }).paths?.[
    '/notes/{id}'
  ]?.post ?? { responses: {} };
  expect(responses?.[200]).toHaveProperty(['content', 'text/event-stream']);
  expect(responses?.[204]).not.toHaveProperty('content');
});

it('a bearer token is declared only where it is needed', () => {
  expect(documentOf({}).security).toEqual([]);
  expect(documentOf({}, true).components?.securitySchemes).toEqual({
    bearer: { type: 'http', scheme: 'bearer' },
  });
});
