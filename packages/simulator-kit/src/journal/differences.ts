import { fitsPath, type JournalEntry } from './journal.ts';
import type { ReadPattern } from './pattern.ts';

/** The differences between a request and a pattern, one sentence each; none if it matches. */
export function differences(entry: JournalEntry, pattern: ReadPattern): string[] {
  const found: string[] = [];
  for (const field of ['route', 'method', 'status', 'verdict', 'rule'] as const) {
    const wanted = pattern[field];
    const is = entry[field];
    if (wanted === undefined || wanted === is) continue;
    found.push(`${field}: expected ${show(wanted)}, was ${show(is)}`);
  }
  if (pattern.path !== undefined && !fitsPath(entry.path, pattern.path))
    found.push(`path: expected ${show(pattern.path)}, was ${show(entry.path)}`);
  const query = new URLSearchParams(entry.query);
  for (const [name, wanted] of Object.entries(pattern.query ?? {})) {
    if (!query.getAll(name).includes(wanted))
      found.push(`query ${name}: expected ${show(wanted)}, was ${show(query.get(name))}`);
  }
  for (const [name, wanted] of Object.entries(pattern.headers ?? {})) {
    const is = entry.headers[name.toLowerCase()];
    if (is !== wanted) found.push(`header ${name}: expected ${show(wanted)}, was ${show(is)}`);
  }
  return pattern.body === undefined ? found : [...found, ...bodyDifferences(entry, pattern.body)];
}

function bodyDifferences(entry: JournalEntry, wanted: unknown): string[] {
  const { body } = entry;
  if (body === null) {
    const why = entry.bodyBytes === 0 ? 'there was none' : 'it was unreadable, or is no longer kept';
    return [`body: expected ${show(wanted)}, and ${why}`];
  }
  if (typeof wanted === 'string')
    return body.includes(wanted) ? [] : [`body: expected to contain ${show(wanted)}`];
  try {
    return valueDifferences('body', JSON.parse(body), wanted);
  } catch {
    return ['body: expected JSON, was none'];
  }
}

/**
 * The differences between a value and the expected one. Every expected field, and every expected element of a
 * list in any position, must be present.
 */
function valueDifferences(place: string, is: unknown, wanted: unknown): string[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(is)) return [`${place}: expected a list, was ${show(is)}`];
    return wanted.flatMap(element => {
      const closest = is
        .map((candidate, index) => valueDifferences(`${place}[${index}]`, candidate, element))
        .reduce<string[] | undefined>(
          (best, next) => (best === undefined || next.length < best.length ? next : best),
          undefined,
        );
      return closest ?? [`${place}: expected to contain ${show(element)}, was empty`];
    });
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof is !== 'object' || is === null || Array.isArray(is))
      return [`${place}: expected an object, was ${show(is)}`];
    return Object.entries(wanted).flatMap(([name, value]) =>
      valueDifferences(
        `${place}.${name}`,
        Object.hasOwn(is, name) ? Reflect.get(is, name) : undefined,
        value,
      ),
    );
  }
  return is === wanted ? [] : [`${place}: expected ${show(wanted)}, was ${show(is)}`];
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
