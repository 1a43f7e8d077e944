/** `GET|POST /_sim/users`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import {
  checkControlInput,
  controlRoute,
  listOf,
  readControlInput,
  respond,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { listed } from '../control-answers.ts';
import type { ModelOf } from '../workspaces/workspaces.ts';
import type { UserInput } from './user.ts';
import { userSchema } from './user-schema.ts';

const example = {
  users: [{ external_id: 'user-1', device_ids: ['device-1'] }, { device_ids: ['device-2'] }],
};

const generateSchema = z.strictObject({
  generate: z.strictObject({
    count: z.int().min(1).max(10_000_000),
    /** External ids are this and a number from 1. */
    prefix: z.string().default('user-'),
    /** How many of them have no external id, at the end. */
    anonymous: z.int().min(0).default(0),
  }),
});

const inputSchema = z.union([
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

/** Users shown in the answer of `POST` when no more were sent. */
const echoed = 1_000;

export function userRoutes(of: ModelOf): Route[] {
  return [
    controlRoute(
      'GET',
      'users',
      request => {
        const model = of(request);
        const hint = 'For example: /_sim/users?offset=1000&limit=1000, or /_sim/users?external_id=user-1';
        const query = checkControlInput(
          Object.fromEntries(request.query),
          querySchema,
          'The query of /_sim/users',
          hint,
        );
        const headers = { 'X-Total-Count': String(model.users.size) };
        if (query.external_id !== undefined) {
          const number = model.users.find({ external_id: query.external_id });
          return listed(number === undefined ? [] : [model.users.get(number)], headers);
        }
        const end = query.limit === undefined ? model.users.end : query.offset + query.limit;
        return listed(model.users.list(query.offset, end), headers);
      },
      Object.keys(querySchema.shape),
    ),
    controlRoute('POST', 'users', request => {
      const model = of(request);
      const input = readControlInput(request, inputSchema, example);
      const generated = !Array.isArray(input);
      let created = 0;
      const numbers: number[] = [];
      for (const user of generated ? generate(input.generate) : input) {
        const put = model.users.put(user);
        if (put.created) created += 1;
        if (numbers.length <= echoed) numbers.push(put.number);
      }
      const sent = generated ? input.generate.count : input.length;
      return respond(201, {
        created,
        updated: sent - created,
        ...(sent <= echoed && { users: numbers.map(number => model.users.get(number)) }),
      });
    }),
  ];
}

function* generate(plan: z.output<typeof generateSchema>['generate']): Generator<UserInput> {
  const identified = Math.max(0, plan.count - plan.anonymous);
  for (let number = 1; number <= plan.count; number += 1) {
    yield number <= identified
      ? { external_id: `${plan.prefix}${number}` }
      : { device_ids: [`${plan.prefix}device-${number}`] };
  }
}
