import { valueDepth } from '@braze-mixpanel/core/mixpanel';
import { isRecord } from '@braze-mixpanel/simulator-kit';
import type { Objection } from '../ingestion/verdict.ts';
import { groupIdOf } from './group-id.ts';
import type { ProfileChange } from './profile-change.ts';

/** A validated object of a request to `/engage` or `/groups`. */
export interface ProfileUpdate {
  readonly token: string;
  readonly id: string;
  readonly change: ProfileChange;
  /** `$ignore_time`: does not count as activity of the user. */
  readonly ignoresTime: boolean;
  /** `$ignore_alias`: uses the ID as given, even if it was merged. */
  readonly ignoresAlias: boolean;
}

const everyValue = (value: unknown, test: (child: unknown) => boolean) =>
  isRecord(value) && Object.values(value).every(test);

/** The expected value of each operation. */
const operations: Readonly<Record<string, { test: (value: unknown) => boolean; must: string }>> = {
  $set: { test: isRecord, must: 'an object' },
  $set_once: { test: isRecord, must: 'an object' },
  $add: { test: value => everyValue(value, Number.isFinite), must: 'an object of numbers' },
  $append: { test: isRecord, must: 'an object' },
  $union: { test: value => everyValue(value, Array.isArray), must: 'an object of lists' },
  $remove: { test: isRecord, must: 'an object' },
  $unset: {
    test: value => Array.isArray(value) && value.every(name => typeof name === 'string'),
    must: 'a list of property names',
  },
  /** Any value: the libraries send an empty text. */
  $delete: { test: () => true, must: 'anything' },
};

/** Maximum nesting: deeper than real profiles, but shallow enough for JSON.stringify. */
const deepest = 32;

/** The identifier of a profile: a user's distinct ID, or a group's key and ID. */
export type ProfileKind = 'user' | 'group';

/** Validates one object: first its token, then its ID, then its operations. */
export function readUpdate(row: unknown, index: number, kind: ProfileKind): ProfileUpdate | Objection {
  const refuse = (field: string, message: string): Objection => ({ index, field, message });
  if (!isRecord(row)) return refuse('', 'data, missing or empty');
  const { $token } = row;
  if (typeof $token !== 'string' || $token === '') return refuse('$token', 'token, missing or empty');
  const fields = kind === 'user' ? ['$distinct_id'] : ['$group_key', '$group_id'];
  const missing = fields.find(name => !isId(row[name]));
  if (missing !== undefined) return refuse(missing, `${missing}, missing or empty`);
  const asked = Object.entries(operations).filter(([name]) => Object.hasOwn(row, name));
  if (asked.length === 0) return refuse('', 'no profile operation, missing or empty');
  const wrong = asked.find(([name, { test }]) => !test(row[name]));
  if (wrong !== undefined) return refuse(wrong[0], `${wrong[0]} is invalid: must be ${wrong[1].must}`);
  const deep = asked.find(([name]) => valueDepth(row[name]) > deepest);
  if (deep !== undefined)
    return refuse(deep[0], `${deep[0]} is invalid: must not nest deeper than ${deepest}`);
  const change = Object.fromEntries(asked.map(([name]) => [name, name === '$delete' ? true : row[name]]));
  const id =
    kind === 'user' ? String(row.$distinct_id) : groupIdOf(String(row.$group_key), String(row.$group_id));
  const { $ignore_time, $ignore_alias } = row;
  return {
    token: $token,
    id,
    change,
    ignoresTime: $ignore_time === true,
    ignoresAlias: $ignore_alias === true,
  };
}

function isId(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
