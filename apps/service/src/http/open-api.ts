import { type AnswerBody, openApiDocument } from '@braze-mixpanel/core/open-api';
import { z } from 'zod';
import { type ErrorCode, errors } from '../errors/catalogue.ts';
import type { ErrorEntry } from '../errors/error-entry.ts';
import { type ApiRoute, apiRoute } from './api-route.ts';

/**
 * Refusals that every route may answer: of the guard, of the checks, of other methods of its path, and of a
 * storage that is unavailable.
 */
const common: readonly ErrorCode[] = [
  'admin_token_missing',
  'admin_token_refused',
  'admin_closed',
  'admin_reads_only',
  'method_not_allowed',
  'request_malformed',
  'request_invalid',
  'internal',
  'storage_away',
];

/** Refusals of every route that reads a body. */
const ofBodies: readonly ErrorCode[] = ['request_too_large', 'request_encoding_unsupported'];

/** The OpenAPI document of routes under `/api`. */
function openApi(routes: readonly ApiRoute[]) {
  return openApiDocument({
    title: 'Admin API of the service',
    version: '1',
    description:
      'Cohort syncs, dead letters, quarantined batches, comparison with Mixpanel, privacy requests and the audit log.',
    bearer: true,
    operations: routes.map(route => ({
      ...route,
      method: route.method.toUpperCase(),
      body: route.body && { schema: route.body, required: !route.body.safeParse(undefined).success },
      answers: {
        [route.status ?? 200]: route.status === 204 ? null : route.answer,
        ...refusals([...common, ...(route.bodyLimit === undefined ? [] : ofBodies), ...(route.errors ?? [])]),
      },
    })),
  });
}

/** One schema for each status: the codes of the error catalogue that it may have. */
function refusals(codes: readonly ErrorCode[]): Record<number, AnswerBody> {
  const byStatus = Object.groupBy(codes, code => (errors[code] as ErrorEntry).status ?? 500);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, all = []]) => [
      status,
      z.object({ error: z.object({ code: z.enum(all), message: z.string() }) }),
    ]),
  );
}

/** `GET /api/openapi.json`: the document, which describes itself too. */
export function withOpenApi(routes: readonly ApiRoute[]): ApiRoute[] {
  const all: ApiRoute[] = [
    ...routes,
    apiRoute(
      {
        method: 'get',
        path: '/api/openapi.json',
        summary: 'This document.',
        answer: z.looseObject({ openapi: z.string() }),
      },
      async () => ({ ...openApi(all) }),
    ),
  ];
  return all;
}
