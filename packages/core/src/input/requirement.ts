import * as z from 'zod';

/** Names of the types of zod in a sentence. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  date: 'a date such as 2026-11-01',
  null: 'null',
  undefined: 'absent',
  never: 'absent',
  nan: 'absent',
};

/** The requirements of the formats that have an example. */
const formats: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-11-01',
  datetime: 'a time such as 2026-11-01T12:00:00Z',
  time: 'a time of day such as 12:00:00',
  duration: 'a duration such as PT2H',
  url: 'an address such as https://example.com',
  email: 'an email address such as ada@example.com',
  json_string: 'JSON',
};

/**
 * The requirement that an issue states, as a predicate: `must be a number from 1 to 1000`. It never contains
 * the value. For a union or a collection it is empty: the issues inside have requirements of their own.
 */
export function requirementOf(issue: z.core.$ZodRawIssue): string {
  const requirement = stated(issue);
  const { input, discriminator } = issue;
  const value =
    typeof discriminator === 'string' ? (input as Readonly<Record<string, unknown>>)[discriminator] : input;
  const isMissing = value === undefined && requirement.startsWith('must ');
  return isMissing ? `is missing; it ${requirement}` : requirement;
}

function stated(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typed(issue)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of: '}${listed(issue.values)}`;
    case 'too_small':
    case 'too_big':
      return bounded(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formed(issue);
    case 'invalid_union':
      return Array.isArray(issue.options) ? `must be one of: ${listed(issue.options)}` : '';
    case 'invalid_key':
    case 'invalid_element':
      return '';
    default:
      return 'is not valid';
  }
}

const listed = (values: readonly unknown[]) => values.map(String).join(', ');

/** The type, with the bounds of the schema where there are both: `a number from 1 to 1000`. */
function typed({ expected, inst }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (!(inst instanceof z.ZodNumber)) return typeNames[expected] ?? `a ${expected}`;
  const { isInt, minValue, maxValue } = inst;
  const name = isInt ? 'a whole number' : 'a number';
  const isBounded = [minValue, maxValue].every(bound => bound !== null && Number.isSafeInteger(bound));
  return isBounded && maxValue !== Number.MAX_SAFE_INTEGER ? `${name} from ${minValue} to ${maxValue}` : name;
}

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
  object: ['entry', 'entries'],
  file: ['byte', 'bytes'],
};

function bounded(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const { origin, inclusive = true } = issue;
  const least = issue.code === 'too_small';
  const bound = Number(least ? issue.minimum : issue.maximum);
  const unit = units[origin];
  if (unit === undefined) {
    if (inclusive) return `must be at ${least ? 'least' : 'most'} ${bound}`;
    return `must be ${least ? 'more' : 'less'} than ${bound}`;
  }
  if (least && bound === 1) return 'must not be empty';
  return `must have at ${least ? 'least' : 'most'} ${bound} ${unit[bound === 1 ? 0 : 1]}`;
}

function formed({
  format,
  pattern,
  prefix,
  suffix,
  includes,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  if (format === 'starts_with') return `must start with ${JSON.stringify(prefix)}`;
  if (format === 'ends_with') return `must end with ${JSON.stringify(suffix)}`;
  if (format === 'includes') return `must contain ${JSON.stringify(includes)}`;
  if (format === 'regex') return `must match the pattern ${pattern}`;
  return `must be ${formats[format] ?? `a valid ${format}`}`;
}
