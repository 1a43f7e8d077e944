/** JSON as a value, and JSON within its texts as values, too; any other text as it is. */
export function unfolded(text: string): unknown {
  try {
    return inner(JSON.parse(text));
  } catch {
    return lines(text) ?? text;
  }
}

/** A value whose texts with a JSON object or list become that object or list. */
function inner(value: unknown): unknown {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) ? unfolded(value) : value;
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]));
}

/** The values of a text with a JSON object on each line. */
function lines(text: string): unknown[] | undefined {
  const all = text.split('\n').filter(line => line.trim() !== '');
  if (all.length < 2 || !all.every(line => line.startsWith('{'))) return undefined;
  try {
    return all.map(line => inner(JSON.parse(line)));
  } catch {
    return undefined;
  }
}
