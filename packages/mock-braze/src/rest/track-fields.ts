/** The fields of the objects in `/users/track`: which are refused, and with which text. */
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { eventTimeOf } from './event-time.ts';
import { isFilled } from './fields.ts';
import type { InputArray } from './input-arrays.ts';
import { isTooLong } from './lengths.ts';

/**
 * Texts of Braze that published clients have recorded: `'price' is not valid`, `'quantity' is not valid` and
 * the one about e-mail addresses. Braze documents none of them; other fields follow the same form.
 */
const notValid = (name: string, why?: string) => `'${name}' is not valid${why ? `: ${why}` : ''}`;
const noEmail = "The value provided for the 'email' field is not a valid email.";

/** The error message for an object that has an identifier; `undefined` if it is valid. */
export function fieldError(array: InputArray, object: Record<string, unknown>): string | undefined {
  if (object.email !== undefined && object.email !== null && !isEmail(object.email)) return noEmail;
  const wrong = Object.entries(checks[array]).find(([name, isValid]) => !isValid(object[name]));
  return wrong ? notValid(wrong[0]) : sizeError(array, object);
}

type Check = (value: unknown) => boolean;

const optional =
  (isValid: Check): Check =>
  value =>
    value === undefined || value === null || isValid(value);

const globalStates = new Set<unknown>(['opted_in', 'subscribed', 'unsubscribed']);
const groupStates = new Set<unknown>(['subscribed', 'unsubscribed']);
const subscription = optional(value => globalStates.has(value));

const checks: Readonly<Record<InputArray, Readonly<Record<string, Check>>>> = {
  attributes: {
    email_subscribe: subscription,
    push_subscribe: subscription,
    subscription_groups: optional(listOfRecords(isGroup)),
    push_tokens: optional(
      listOfRecords(({ app_id, token }) => typeof app_id === 'string' && isFilled(token)),
    ),
  },
  events: { name: isFilled, time: isTime, properties: optional(isRecord) },
  purchases: {
    product_id: value => isFilled(value) && !isTooLong(value),
    currency: isCurrency,
    price: value => typeof value === 'number',
    quantity: value => value === undefined || isQuantity(value),
    time: isTime,
    properties: optional(isRecord),
  },
};

function isGroup({ subscription_group_id: id, subscription_state: state }: Record<string, unknown>): boolean {
  return isFilled(id) && groupStates.has(state);
}

function listOfRecords(isValid: (record: Record<string, unknown>) => boolean): Check {
  return value => Array.isArray(value) && value.every(each => isRecord(each) && isValid(each));
}

function isTime(value: unknown): boolean {
  return eventTimeOf(value) !== undefined;
}

function isQuantity(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100;
}

/** Created at the first purchase: it takes a tenth of the simulator's start. */
let currencyNames: Intl.DisplayNames | undefined;

/**
 * ISO 4217, in capitals, with the codes that are no longer in use: `Intl.supportedValuesOf` lacks most of those, and
 * which ones depends on the version of Node.
 */
function isCurrency(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) return false;
  currencyNames ??= new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });
  return currencyNames.of(value) !== undefined;
}

/** Syntax only: a local part without blanks and without dots at an end or in a row, and a host in ASCII. */
function isEmail(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s@.]+(?:\.[^\s@.]+)*@[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(value);
}

const reserved = new Set(['time', 'event_name']);
/** Bytes of properties or of an attribute that contain an array or an object. */
const most = 100 * 1024;

function sizeError(array: InputArray, object: Record<string, unknown>): string | undefined {
  if (array === 'attributes') {
    const large = Object.entries(object).find(([, value]) => isNested(value) && isLarge(value));
    return large && notValid(large[0], 'it is larger than 100 KB');
  }
  const { properties } = object;
  if (!isRecord(properties)) return undefined;
  for (const name of Object.keys(properties)) {
    if (name === '') return notValid('properties', 'a name is empty');
    if (name.startsWith('$')) return notValid('properties', `'${name}' starts with a dollar sign`);
    if (isTooLong(name)) return notValid('properties', 'a name is longer than 255 characters');
    if (array === 'events' && reserved.has(name)) return notValid('properties', `'${name}' is reserved`);
  }
  const nested = Object.values(properties).some(isNested);
  return nested && isLarge(properties) ? notValid('properties', 'larger than 100 KB') : undefined;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isLarge(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value)) > most;
}
