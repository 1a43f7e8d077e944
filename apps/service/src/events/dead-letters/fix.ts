/**
 * The correction of an event before its replay: a list of steps over paths, or a whole new event. The `id`
 * does not change, so that Mixpanel recognises the event by the same `$insert_id` if it already has it.
 */

import { keysOf } from '@braze-mixpanel/core/currents';
import { z } from 'zod';

/**
 * Levels of objects and lists in a value that a fix writes. No event of Braze comes near; some thousand could
 * not be written as JSON.
 */
const deepest = 64;

const shallow = z
  .unknown()
  .refine(value => !nestsDeeper(value, deepest), { error: `nests deeper than ${deepest} levels` });

/** A whole event that replaces the original. */
export const originalSchema = shallow;

/** Keys with dots between them, `user.external_user_id`; see `keysOf`. */
const path = z.string().min(1).max(1_000);

/**
 * Steps in the order in which they are applied. A path may lead to nothing: removing or renaming an absent
 * key changes nothing. The number of steps is checked before the steps.
 */
export const fixSchema = z
  .array(z.unknown())
  .min(1)
  .max(100)
  .pipe(
    z.array(
      z.union([
        z.strictObject({ set: path, value: shallow }),
        /** `to` is the new name of the last key. */
        z.strictObject({ rename: path, to: z.string().min(1).max(1_000) }),
        z.strictObject({ remove: path }),
      ]),
    ),
  );

export type Fix = z.output<typeof fixSchema>;

export type Fixed = { kind: 'fixed'; event: unknown } | { kind: 'unfit'; why: string };

/** @param original JSON text of the event as it arrived */
export function fixed(original: string, fix: Fix): Fixed {
  const event: unknown = JSON.parse(original);
  for (const step of fix) {
    const keys = keysOf('set' in step ? step.set : 'rename' in step ? step.rename : step.remove);
    const last = keys.pop() ?? '';
    const parent = objectAt(event, keys, 'set' in step);
    if (parent === undefined) {
      if ('set' in step) return { kind: 'unfit', why: `${step.set} is inside a value that is not an object` };
    } else if ('set' in step) put(parent, last, structuredClone(step.value));
    else if (Object.hasOwn(parent, last)) {
      if ('rename' in step) put(parent, step.to, parent[last]);
      if (!('rename' in step) || step.to !== last) delete parent[last];
    }
  }
  return sameId(JSON.parse(original), event);
}

/**
 * Whether any step of a fix can set an event's `id`. With one `id` for many events Mixpanel would treat them
 * as one, so such a fix is only allowed for a single event: a value renamed to `id` may come from the step
 * before, or be the same in many events.
 */
export const writesId = (fix: Fix): boolean =>
  fix.some(step => {
    if ('set' in step) return keysOf(step.set)[0] === 'id';
    return 'rename' in step && step.to === 'id' && keysOf(step.rename).length === 1;
  });

/** The steps without their values, for the audit log: a value may be personal data. */
export const withoutValues = (fix: Fix) => fix.map(step => ('set' in step ? { set: step.set } : step));

/** Replaces the original by a whole corrected event. */
export function corrected(original: string, event: unknown): Fixed {
  if (!isObject(event)) return { kind: 'unfit', why: 'the corrected event must be a JSON object' };
  return sameId(JSON.parse(original), event);
}

/** Keeps a usable ID. An event that arrived without one was never sent under it, so it may get one. */
function sameId(before: unknown, event: unknown): Fixed {
  const id = idOf(before);
  const usable = (typeof id === 'string' && id !== '') || Number.isSafeInteger(id);
  return usable && idOf(event) !== id
    ? { kind: 'unfit', why: 'the id of an event cannot be changed, because the event could arrive twice' }
    : { kind: 'fixed', event };
}

const idOf = (event: unknown) => (isObject(event) && Object.hasOwn(event, 'id') ? event.id : undefined);

function objectAt(
  event: unknown,
  keys: readonly string[],
  make: boolean,
): Record<string, unknown> | undefined {
  let at = event;
  for (const key of keys) {
    if (!isObject(at)) return undefined;
    if (!Object.hasOwn(at, key) || at[key] === null) {
      if (!make) return undefined;
      put(at, key, {});
    }
    at = at[key];
  }
  return isObject(at) ? at : undefined;
}

/** Checks level by level: `JSON.parse` accepts nesting that is deeper than the call stack. */
function nestsDeeper(value: unknown, levels: number): boolean {
  const isNest = (each: unknown): each is object => typeof each === 'object' && each !== null;
  let level = [value].filter(isNest);
  for (let depth = 0; depth < levels; depth += 1)
    level = level.flatMap(each => Object.values(each).filter(isNest));
  return level.length > 0;
}

/** Sets a key as `JSON.parse` does: `__proto__` is an ordinary key. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
