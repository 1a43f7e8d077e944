/** The routes `/_sim/users`: the user profiles of a workspace. */
import { unionOf } from '@braze-mixpanel/core/input';
import {
  controlRoutes,
  deletedSchema,
  documented,
  jsonList,
  listOf,
  missing,
  respond,
  withBody,
  withQuery,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { ModelOf } from '../workspaces/workspaces.ts';
import { shownUserSchema, type UserInput } from './user.ts';
import { userSchema } from './user-schema.ts';

const example = {
  users: [{ external_id: 'user-1', device_ids: ['device-1'] }, { device_ids: ['device-2'] }],
};

const generateSchema = z.strictObject({
  generate: z.strictObject({
    count: z.int().min(1).max(10_000_000),
    /** Prefix of the external IDs; a number from 1 follows. */
    prefix: z.string().default('user-'),
    /** Number of users without an external ID, placed last. */
    anonymous: z.int().min(0).default(0),
  }),
});

const inputSchema = unionOf([
  generateSchema,
  z.strictObject({ users: listOf(userSchema) }).transform(({ users }) => users),
  listOf(userSchema),
  userSchema.transform(user => [user]),
]);

const querySchema = z.strictObject({
  external_id: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).optional(),
});

const queryExample = '/_sim/users?offset=1000&limit=1000, or /_sim/users?external_id=user-1';

const putSchema = z.object({
  created: z.int(),
  updated: z.int(),
  users: z.array(shownUserSchema).optional(),
});

/** Maximum number of users in the answer of `POST`. */
const echoed = 1_000;

export function userControlRoutes(of: ModelOf) {
  return controlRoutes({
    'GET users': documented(
      'User profiles in order of creation.',
      { 200: z.array(shownUserSchema) },
      withQuery(querySchema, queryExample, ({ external_id, offset, limit }, request) => {
        const { users } = of(request);
        const headers = { 'X-Total-Count': String(users.size) };
        if (external_id === undefined)
          return jsonList(users.list(offset, limit === undefined ? users.end : offset + limit), headers);
        const number = users.find({ external_id });
        return jsonList(number === undefined ? [] : [users.get(number)], headers);
      }),
    ),
    'POST users': documented(
      'Creates or updates users, or generates many.',
      { 201: putSchema },
      withBody(inputSchema, example, (input, request) => {
        const { users, segments } = of(request);
        const generated = !Array.isArray(input);
        const numbers: number[] = [];
        let created = 0;
        for (const user of generated ? generate(input.generate) : input) {
          const put = users.put(user);
          if (put.created) created += 1;
          if (numbers.length <= echoed) numbers.push(put.number);
        }
        segments.measure();
        const sent = generated ? input.generate.count : input.length;
        return respond(201, {
          created,
          updated: sent - created,
          ...(sent <= echoed && { users: numbers.map(number => users.get(number)) }),
        });
      }),
    ),
    'DELETE users/:id': documented(
      'Deletes a user, by external ID or Braze ID, also from the cohorts.',
      { 200: deletedSchema },
      request => {
        const { id = '' } = request.params;
        return of(request).deleteUser(id) ? respond(200, { deleted: id }) : missing('user', id, 'users');
      },
    ),
  });
}

function* generate(plan: z.output<typeof generateSchema>['generate']): Generator<UserInput> {
  const identified = Math.max(0, plan.count - plan.anonymous);
  for (let number = 1; number <= plan.count; number += 1) {
    yield number <= identified
      ? { external_id: `${plan.prefix}${number}` }
      : { device_ids: [`${plan.prefix}device-${number}`] };
  }
}
