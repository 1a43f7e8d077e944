import { z } from 'zod';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

const roleSchema = z.enum(['operator', 'viewer']);

/** `GET /api/access`: what the caller's token allows, so that a page offers no change that would be refused. */
export const accessRoutes: readonly ApiRoute[] = [
  apiRoute(
    endpoint({
      method: 'get',
      path: '/api/access',
      summary: 'The role of the token: an operator may change things, a viewer may read.',
      answer: z.object({ role: roleSchema }).readonly(),
    }),
    async ({ response }) => ({ role: roleSchema.parse(response.locals.role) }),
  ),
];
