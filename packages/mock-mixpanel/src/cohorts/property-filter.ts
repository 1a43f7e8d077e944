import * as z from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const operators = {
  /** Equals the value, or one of several; of a list, any element. */
  equals: z.union([scalar, z.array(scalar)]).optional(),
  /** Differs from the value, or from all of several; also true if the property is missing. */
  not: z.union([scalar, z.array(scalar)]).optional(),
  /** Contains a text. */
  contains: z.string().optional(),
  /** Whether the property has a value. */
  set: z.boolean().optional(),
  above: z.number().optional(),
  below: z.number().optional(),
};

/** A condition on a property of an event or a profile: `{"property":"plan","equals":"pro"}`. */
export const propertyFilterSchema = z
  .strictObject({ property: z.string().min(1), ...operators })
  .refine(
    filter => Object.keys(operators).filter(name => name in filter).length === 1,
    `must have exactly one of ${Object.keys(operators).join(', ')}`,
  );

export type PropertyFilter = z.output<typeof propertyFilterSchema>;

export function matchesAll(
  filters: readonly PropertyFilter[],
  properties: Readonly<Record<string, unknown>> = {},
): boolean {
  return filters.every(filter =>
    matches(filter, Object.hasOwn(properties, filter.property) ? properties[filter.property] : undefined),
  );
}

function matches({ equals, not, contains, set, above, below }: PropertyFilter, value: unknown): boolean {
  if (equals !== undefined) return isOneOf(value, equals);
  if (not !== undefined) return !isOneOf(value, not);
  if (contains !== undefined) return typeof value === 'string' && value.includes(contains);
  if (set !== undefined) return (value !== undefined && value !== null) === set;
  if (typeof value !== 'number') return false;
  return above === undefined ? value < (below ?? Number.NEGATIVE_INFINITY) : value > above;
}

function isOneOf(value: unknown, wanted: unknown): boolean {
  const those: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.some(one => those.includes(one));
}
