import type { Properties } from './properties.ts';

type Lists = Readonly<Record<string, readonly unknown[]>>;

/** A validated object of `/engage` or `/groups`, with one or more operations. */
export interface ProfileChange {
  readonly $set?: Properties;
  readonly $set_once?: Properties;
  readonly $add?: Readonly<Record<string, number>>;
  readonly $append?: Properties;
  readonly $union?: Lists;
  readonly $remove?: Properties;
  readonly $unset?: readonly string[];
  readonly $delete?: true;
}

/**
 * The profile after a change; `undefined` if it was deleted.
 *
 * - `$set` replaces, `$set_once` keeps what is there;
 * - `$add` adds to a number (a missing one counts as 0; other values are unchanged);
 * - `$append` puts a value at the end of a list, `$union` only missing values, and both create a missing
 *   list;
 * - `$remove` removes all occurrences of a value from a list, `$unset` the property itself.
 *
 * Source: Mixpanel developer documentation, "User Profiles", "Group Profiles".
 */
export function changed(profile: Properties | undefined, change: ProfileChange): Properties | undefined {
  if (change.$delete) return undefined;
  const next = new Map(Object.entries({ ...change.$set_once, ...profile, ...change.$set }));
  const each = <Value>(
    operands: Readonly<Record<string, Value>> | undefined,
    apply: (old: unknown, operand: Value) => unknown,
  ) => {
    for (const [name, operand] of Object.entries(operands ?? {}))
      next.set(name, apply(next.get(name), operand));
  };
  each(change.$add, (old, by) => {
    if (old === undefined || old === null) return by;
    return typeof old === 'number' ? old + by : old;
  });
  each(change.$append, (old, value) => [...listOf(old), value]);
  each(change.$union, (old, values) => values.reduce(withValue, listOf(old)));
  for (const [name, value] of Object.entries(change.$remove ?? {})) {
    const old = next.get(name);
    if (Array.isArray(old))
      next.set(
        name,
        old.filter(one => !isSame(one, value)),
      );
  }
  for (const name of change.$unset ?? []) next.delete(name);
  return Object.fromEntries(next);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function withValue(list: readonly unknown[], value: unknown): readonly unknown[] {
  return list.some(one => isSame(one, value)) ? list : [...list, value];
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
