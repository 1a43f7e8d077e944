import { keysOf } from '@braze-mixpanel/core/currents';

/** Fields without which an event could not be delivered, or not be told from another. */
const needed = [['id'], ['time'], ['event_type'], ['user', 'external_user_id']];

/** What a path of CURRENTS_REDACT would take away that must stay, as a path; `undefined` where it may be used. */
export function takesNeeded(path: string): string | undefined {
  const keys = keysOf(path);
  const covers = (field: readonly string[]) =>
    keys.length <= field.length && keys.every((key, place) => key === '*' || key === field[place]);
  return needed.find(covers)?.join('.');
}
