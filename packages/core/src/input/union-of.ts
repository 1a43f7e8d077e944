import * as z from 'zod';

/**
 * A union of strict objects. An unknown field makes a branch fail as any other fault does, so {@link checkInput} chooses
 * among all branches; `z.union` alone would report the only branch that has no other fault.
 *
 * @example
 * ```ts
 * import { checkInput, unionOf } from '@braze-mixpanel/core/input';
 * import * as z from 'zod';
 *
 * const user = z.strictObject({ name: z.string().optional() });
 * const schema = unionOf([z.strictObject({ users: z.array(user) }), user]);
 * const checked = checkInput(schema, { users: [{ name: 5 }] });
 * console.log(checked.success || checked.faults[0]?.path.join('.')); // users.0.name
 * ```
 */
export function unionOf<const Branches extends readonly z.ZodType[]>(
  branches: Branches,
): z.ZodUnion<Branches> {
  const failing = branches.map(branch => branch.check(failsWithAnyFault));
  return z.union(failing as readonly z.ZodType[] as Branches);
}

const failsWithAnyFault = z.superRefine<unknown>(
  (_, payload) => {
    payload.aborted = true;
  },
  { when: ({ issues }) => issues.length > 0 },
);
