import type * as z from 'zod';
import { requirementOf } from './requirement.ts';

/** One fault of an input. */
export interface InputFault {
  readonly path: readonly PropertyKey[];
  /** A predicate of the value, such as `must be a number`, or the text of the schema. */
  readonly message: string;
}

/** The output of a schema, or the faults of the input. */
export type CheckedInput<Output> =
  | { readonly success: true; readonly data: Output }
  | { readonly success: false; readonly faults: readonly InputFault[] };

/**
 * Checks a value by a schema. Of a union, the faults are those of the branch that the value resembles most.
 *
 * @example
 * ```ts
 * import { checkInput } from '@braze-mixpanel/core/input';
 * import * as z from 'zod';
 *
 * const checked = checkInput(z.object({ limit: z.int() }), {});
 * console.log(checked.success || checked.faults[0]?.message); // is missing; it must be a whole number
 * ```
 */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): CheckedInput<z.output<Schema>> {
  const checked = schema.safeParse(value, { error: requirementOf });
  if (checked.success) return { success: true, data: checked.data };
  return { success: false, faults: checked.error.issues.flatMap(faultsOf) };
}

function faultsOf(issue: z.core.$ZodIssue): InputFault[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], message: 'is unknown' }));
  // An empty message is a placeholder: the faults are those of the issues inside.
  if (message !== '') return [{ path, message }];
  if (issue.code === 'invalid_union') return unionFaults(issue).map(at(path));
  if (issue.code === 'invalid_element' || issue.code === 'invalid_key')
    return issue.issues.flatMap(faultsOf).map(at(path));
  return [{ path, message: 'is not valid' }];
}

const at =
  (base: readonly PropertyKey[]) =>
  ({ path, message }: InputFault): InputFault => ({ path: [...base, ...path], message });

/** Of values that fit no branch by their type, the requirements of all branches; otherwise the nearest. */
function unionFaults({ errors }: z.core.$ZodIssueInvalidUnion): InputFault[] {
  const branches = errors.map(issues => ({ issues, faults: issues.flatMap(faultsOf) }));
  const near = branches.filter(({ issues }) => !issues.some(isOther));
  const [first, ...others] = near;
  if (first !== undefined)
    return others.reduce((best, each) => (isNearer(each.issues, best.issues) ? each : best), first).faults;
  const requirements = new Set(branches.flatMap(({ faults }) => faults.map(({ message }) => message)));
  return [{ path: [], message: either([...requirements]) }];
}

/** Whether the whole value is of another type, or another value, than a branch requires. */
const isOther = ({ path, code }: z.core.$ZodIssue) =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union');

/** Whether a value resembles one branch more than another, compared by {@link distances}. */
function isNearer(one: readonly z.core.$ZodIssue[], other: readonly z.core.$ZodIssue[]): boolean {
  const others = distances(other);
  const differing = distances(one)
    .map((distance, index) => distance - others[index]!)
    .find(difference => difference !== 0);
  return differing !== undefined && differing < 0;
}

/**
 * How far a value is from a branch, in order of weight: wrong literals, such as another `kind`; fields of the value
 * that the branch lacks; all faults.
 */
function distances(issues: readonly z.core.$ZodIssue[]): readonly [number, number, number] {
  const sum = (weight: (issue: z.core.$ZodIssue) => number) =>
    issues.reduce((total, issue) => total + weight(issue), 0);
  const unknown = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? issue.keys.length : 0);
  return [
    sum(issue => (issue.code === 'invalid_value' && issue.values.length === 1 ? 1 : 0)),
    sum(issue => (issue.path.length === 0 ? unknown(issue) : 0)),
    sum(issue => unknown(issue) || 1),
  ];
}

/** `must be text or a number`, of `must be text` and `must be a number`. */
function either(requirements: readonly string[]): string {
  const missing = 'is missing; it ';
  const some = requirements.every(each => each.startsWith(missing)) ? missing : '';
  const plain = requirements.map(each => each.replace(missing, ''));
  const [first = 'is not valid', ...others] = plain;
  return some + [first, ...others.map(each => each.replace(/^must be /, ''))].join(' or ');
}
