/**
 * The correction of an event before it is replayed: a list of steps over paths, or a whole new event. The `id` stays what it was,
 * so that Mixpanel recognises the event by the same `$insert_id`, whether it saw it before or not.
 */

import { keysOf } from '@braze-mixpanel/core/currents';
import { z } from 'zod';

/** Levels of objects and lists in what a fix writes: no event of Braze comes near, and some thousand could not be written as JSON. */
const deepest = 64;

const shallow = z
  .unknown()
  .refine(value => !nestsDeeper(value, deepest), { error: `nests deeper than ${deepest} levels` });

/** A whole event in place of the original. */
export const originalSchema = shallow;

/** Keys with dots between them, `user.external_user_id`; see `keysOf`. */
const path = z.string().min(1).max(1_000);

/** In the order in which they are applied. What a path leads to need not be there: to remove or rename nothing changes nothing. The
 * number of steps is judged before the steps. */
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

/** @param original JSON text of the event as it came */
export function fixed(original: string, fix: Fix): Fixed {
  const event: unknown = JSON.parse(original);
  for (const step of fix) {
    const keys = keysOf('set' in step ? step.set : 'rename' in step ? step.rename : step.remove);
    const last = keys.pop() ?? '';
    const parent = objectAt(event, keys, 'set' in step);
    if (parent === undefined) {
      if ('set' in step)
        return { kind: 'unfit', why: `${step.set} lies inside of something that is no object` };
    } else if ('set' in step) put(parent, last, structuredClone(step.value));
    else if (Object.hasOwn(parent, last)) {
      if ('rename' in step) put(parent, step.to, parent[last]);
      if (!('rename' in step) || step.to !== last) delete parent[last];
    }
  }
  return sameId(JSON.parse(original), event);
}

/**
 * Whether a fix can give an event an `id`, by whatever step. One `id` for many events would make Mixpanel take them for one, so such a
 * fix is for a single event: what is renamed to `id` may have been set by the step before, or be the same in many events.
 */
export const writesId = (fix: Fix): boolean =>
  fix.some(step => {
    if ('set' in step) return keysOf(step.set)[0] === 'id';
    return 'rename' in step && step.to === 'id' && keysOf(step.rename).length === 1;
  });

/** The steps as the audit log keeps them: a value may be personal. */
export const withoutValues = (fix: Fix) => fix.map(step => ('set' in step ? { set: step.set } : step));

/** Takes a whole corrected event in place of the original. */
export function corrected(original: string, event: unknown): Fixed {
  return sameId(JSON.parse(original), event);
}

/** An event that came without a usable id was never sent under one: it may be given one. */
function sameId(before: unknown, event: unknown): Fixed {
  const id = idOf(before);
  const usable = (typeof id === 'string' && id !== '') || Number.isSafeInteger(id);
  return usable && idOf(event) !== id
    ? { kind: 'unfit', why: 'the id of an event must stay, or it could arrive twice' }
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

/** Level by level: JSON.parse takes what nests deeper than a stack is. */
function nestsDeeper(value: unknown, levels: number): boolean {
  const isNest = (each: unknown): each is object => typeof each === 'object' && each !== null;
  let level = [value].filter(isNest);
  for (let depth = 0; depth < levels; depth += 1)
    level = level.flatMap(each => Object.values(each).filter(isNest));
  return level.length > 0;
}

/** As JSON.parse does it: a key `__proto__` is a key like any other. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
