import { checkInput, faultSentences } from '@braze-mixpanel/core/input';
import type * as z from 'zod';
import { isDeeper } from '../is-deeper.ts';
import type { SimRequest } from '../types.ts';

/** An invalid request to the control API. Answered with 400 and the message. */
export class ControlInputError extends Error {
  override readonly name = 'ControlInputError';
  /** The fields that are not valid, each with a predicate such as `must be text`; for forms. */
  readonly faults: readonly { readonly field: string; readonly message: string }[];
  constructor(message: string, faults: ControlInputError['faults'] = []) {
    super(message);
    this.faults = faults;
  }
}

/**
 * The validated JSON body of a control request.
 *
 * @param example a valid body, shown to a client that sent an invalid one.
 * @throws ControlInputError with one sentence per problem.
 */
export function readControlInput<Schema extends z.ZodType>(
  request: SimRequest,
  schema: Schema,
  example: unknown,
): z.output<Schema> {
  const where = `${request.method} ${request.path}`;
  const hint = `For example: ${JSON.stringify(example)}`;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(request.body));
  } catch {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined)
      throw new ControlInputError(
        `The body of ${where} is not JSON: its content encoding is ${JSON.stringify(encoding)}. Send it uncompressed. ${hint}`,
      );
    throw new ControlInputError(`The body of ${where} is not JSON. ${hint}`);
  }
  if (isDeeper(value, deepest))
    throw new ControlInputError(
      `The body of ${where} is nested deeper than ${deepest} levels. Nothing was changed.`,
    );
  return checkControlInput(value, schema, `The body of ${where}`, hint);
}

/** Maximum of fields in an answer, and of characters of a name. */
const mostFaults = 50;
const mostCharacters = 200;

/** Deeper values could be stored, but not shown again. A state nests vendor values of up to 100 levels. */
const deepest = 200;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The validated value of another part of a control request, for example its query. */
export function checkControlInput<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  what: string,
  hint: string,
): z.output<Schema> {
  const checked = checkInput(schema, value);
  if (checked.success) return checked.data;
  const faults = checked.faults
    .filter(({ path }) => path.length > 0)
    .slice(0, mostFaults)
    .map(({ path, message }) => ({ field: path.map(String).join('.').slice(0, mostCharacters), message }));
  throw new ControlInputError(
    `${what} is not valid. ${faultSentences(checked.faults, 'It')} ${hint}`,
    faults,
  );
}
