import type { DeadLetterFilter } from '../ports/index.ts';

/** Dead letters that all of the given filters match. */
export interface Choice extends DeadLetterFilter {
  before?: number;
  ids?: readonly number[];
}

type Filter<Value> = readonly [condition: string, value: Value | undefined];

/**
 * The filters of a choice, each with one `?`.
 *
 * @param ids the filter by ids, in the words of the engine
 * @param text how the engine stores a text of a vendor
 */
export function filtersOf<Ids, Text = string>(
  choice: Choice,
  ids: Filter<Ids>,
  connection = 'connection',
  text: (stored: string) => string | Text = stored => stored,
): Filter<Ids | Text | string | number>[] {
  const { eventType, insertId } = choice;
  return [
    ids,
    ['dead_letter.id < ?', choice.before],
    [`${connection} = ?`, choice.connection],
    ['reason = ?', choice.reason],
    ['event_type = ?', eventType === undefined ? undefined : text(eventType)],
    ['insert_id = ?', insertId === undefined ? undefined : text(insertId)],
    ['died_at >= ?', choice.diedFrom],
    ['died_at < ?', choice.diedBefore],
  ];
}

/** The WHERE clause of the filters that have a value, and their values. */
export function whereOf<Value>(
  filters: readonly Filter<Value>[],
  parameter: (number: number) => string,
): { where: string; values: Value[] } {
  const used = filters.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const conditions = used.map(({ condition }, index) => condition.replace('?', parameter(index + 1)));
  return {
    where: used.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: used.map(({ value }) => value),
  };
}
