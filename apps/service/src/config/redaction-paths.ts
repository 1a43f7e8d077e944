import { keysOf } from '@braze-mixpanel/core/currents';

/** Fields required to deliver an event and to tell it from another. */
const needed = [['id'], ['time'], ['event_type'], ['user', 'external_user_id']];

/**
 * The required field that a path of CURRENTS_REDACT would remove, as a path; `undefined` if there is none.
 */
export function takesNeeded(path: string): string | undefined {
  const keys = keysOf(path);
  const covers = (field: readonly string[]) =>
    keys.length <= field.length && keys.every((key, place) => key === '*' || key === field[place]);
  return needed.find(covers)?.join('.');
}
