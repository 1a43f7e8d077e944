/**
 * The texts of the elements of `events` in a body, exactly as they arrived: numbers keep their digits,
 * repeated keys stay, and any depth of nesting works. `JSON.stringify` of the parsed event guarantees none of
 * that.
 *
 * `body` is a JSON object that `JSON.parse` accepts; of several keys `events` the last one counts, as for
 * `JSON.parse`.
 */
export const eventTexts = (body: string): string[] =>
  eventSpans(body)
    .map(({ from, to }) => body.slice(from, to))
    .toArray();

/** The position of an element in the body: its first character and the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The positions of these texts, one after the other, in constant memory. */
export function eventSpans(body: string): IteratorObject<Span> {
  return elements(body, lastEventsAt(body));
}

/** The index at which the array begins. */
function lastEventsAt(body: string): number {
  let found = -1;
  let at = skipBlank(body, skipBlank(body, 0) + 1);
  while (body[at] !== '}') {
    const keyEnd = endOfValue(body, at);
    const key: unknown = JSON.parse(body.slice(at, keyEnd));
    at = skipBlank(body, skipBlank(body, keyEnd) + 1);
    const end = endOfValue(body, at);
    if (key === 'events') found = at;
    at = afterComma(body, end);
  }
  return found;
}

function* elements(body: string, arrayAt: number): Generator<Span> {
  let at = skipBlank(body, arrayAt + 1);
  while (body[at] !== ']') {
    const end = endOfValue(body, at);
    yield { from: at, to: end };
    at = afterComma(body, end);
  }
}

/**
 * Calls `visit` with the text of every string, number and literal in a JSON text; keys are left out, repeated
 * ones too.
 */
export function forEachScalar(json: string, visit: (text: string) => void): void {
  for (let at = skipBlank(json, 0); at < json.length; at = skipBlank(json, at)) {
    if (structural.has(json[at]!)) {
      at += 1;
      continue;
    }
    const end = endOfValue(json, at);
    if (json[skipBlank(json, end)] !== ':') visit(json.slice(at, end));
    at = end;
  }
}

const structural = new Set('{}[],:');

/** The index after the JSON value that begins at `from`. */
function endOfValue(body: string, from: number): number {
  const first = body[from];
  if (first === '"') return endOfString(body, from);
  if (first !== '{' && first !== '[') return endOfScalar(body, from);
  let depth = 0;
  for (let at = from; ; at += 1) {
    const character = body[at];
    if (character === '"') at = endOfString(body, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (character === undefined) throw new Error('Invalid JSON: the text ends inside a value.');
  }
}

function endOfString(body: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const character = body[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
    else if (character === undefined) throw new Error('Invalid JSON: the text ends inside a string.');
  }
}

const scalar = /[^\s,\]}]*/y;
function endOfScalar(body: string, from: number): number {
  scalar.lastIndex = from;
  scalar.test(body);
  return scalar.lastIndex;
}

const blank = /[ \t\r\n]*/y;
function skipBlank(body: string, from: number): number {
  blank.lastIndex = from;
  blank.test(body);
  return blank.lastIndex;
}

function afterComma(body: string, from: number): number {
  const at = skipBlank(body, from);
  return body[at] === ',' ? skipBlank(body, at + 1) : at;
}
