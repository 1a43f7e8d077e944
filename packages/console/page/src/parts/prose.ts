/** Fields of a vendor's JSON that say what is wrong, the most particular one first. */
const fields = ['error', 'message', 'type', 'detail', 'status'];

/** What such a field has where another one says what is wrong. */
const isNoError = (value: string): boolean => /^(success|ok)$/i.test(value);

/**
 * A message of the service in which the quoted JSON of a vendor is only what it says is wrong:
 * `Mixpanel returned 503: {"code":503,"error":"Down"}.` becomes `Mixpanel returned 503: Down.` The JSON may be cut.
 */
export function prose(message: string): string {
  const start = message.search(/: \{\s*"/);
  if (start === -1) return message;
  const end = message.lastIndexOf('}') + 1;
  const isWhole = isJson(message.slice(start + 2, end));
  const json = message.slice(start, isWhole ? end : message.length);
  const wrong = wrongIn(json);
  const beginning = message.slice(0, start) + (wrong === undefined ? '' : `: ${wrong}`);
  const rest = isWhole ? message.slice(end) : '.';
  return beginning + (rest.startsWith('.') && /[.…!?]$/.test(beginning) ? rest.slice(1) : rest);
}

/** A field with its text, whose end may be cut. */
const field = /"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)("?)/g;

/** What JSON says is wrong; `undefined` where no field does. */
const wrongIn = (json: string): string | undefined =>
  [...json.matchAll(field)]
    .map(([, name = '', value = '', end]) => ({
      place: fields.indexOf(name),
      text: end === '' ? `${unescaped(value.replace(/…\.?$/, ''))}…` : unescaped(value),
    }))
    .filter(({ place }) => place !== -1)
    .toSorted((one, other) => one.place - other.place)
    .find(({ text }) => !isNoError(text))?.text;

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
