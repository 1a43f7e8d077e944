import type { InputFault } from './check-input.ts';

/** Maximum of faults in a message, of levels at each end of a path, and of characters of a name. */
const mostFaults = 5;
const mostLevels = 3;
const mostCharacters = 40;

/**
 * The first five faults of an input as plain sentences, and the number of the others:
 * `limit must be a number from 1 to 1000.` They never contain a value of the input, and their length is
 * bounded.
 *
 * @param subject names the whole input where a fault has no path, for example `The body`.
 * @example
 * ```ts
 * import { faultSentences } from '@braze-mixpanel/core/input';
 *
 * const faults = [{ path: ['users', 0, 'id'], message: 'must be text' }];
 * console.log(faultSentences(faults, 'The body')); // users.0.id must be text.
 * ```
 */
export function faultSentences(faults: readonly InputFault[], subject: string): string {
  const more = faults.length - mostFaults;
  return [
    ...faults.slice(0, mostFaults).map(fault => `${sentence(fault, subject)}.`),
    ...(more > 0 ? [`There ${more === 1 ? 'is' : 'are'} ${more} more.`] : []),
  ].join(' ');
}

function sentence({ path, message }: InputFault, subject: string): string {
  const isPredicate = /^(must|is|has) /.test(message);
  const levels =
    path.length > 2 * mostLevels ? [...path.slice(0, mostLevels), '…', ...path.slice(-mostLevels)] : path;
  const name = levels.map(cut).join('.');
  if (isPredicate) return `${name === '' ? subject : name} ${message}`;
  return name === '' ? message : `${name}: ${message}`;
}

function cut(name: PropertyKey): string {
  const text = String(name);
  if (text === '') return '""';
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
