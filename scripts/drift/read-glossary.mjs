/**
 * Braze's glossary of Currents events, read from the Markdown files of its documentation. Each event type has
 * tabs, one per connector, with a block of JSON whose first line names the type: `// users.canvas.Entry`, or
 * `// Canvas Entry (users.canvas.Entry)` with the name in the connector. A field's value is a text such as
 * `(optional, string) [PII] …`, or a constant.
 *
 * @see https://github.com/braze-inc/braze-docs `event_glossary/*.md` (read 2026-11-26)
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const tabs = new Map([
  ['cloud storage', 'storage'],
  ['custom http', 'custom HTTP'],
  ['custom http connector', 'custom HTTP'],
  ['mixpanel', 'Mixpanel'],
]);

/**
 * Blocks of all Markdown files of a folder: `{ file, tab, eventType, heading, fields }` with fields by path,
 * such as `properties.app_id`, or `{ file, tab, unreadable }` for a block that is not in the known form.
 */
export async function readGlossary(folder) {
  const names = (await readdir(folder)).filter(name => name.endsWith('.md')).sort();
  const blocks = await Promise.all(
    names.map(async name =>
      blocksOf(await readFile(join(folder, name), 'utf8')).map(block => ({ file: name, ...block })),
    ),
  );
  return blocks.flat();
}

function blocksOf(text) {
  const blocks = [];
  let tab;
  let lines;
  for (const line of text.split(/\r?\n/)) {
    const title = /^\{% tab (.+) %\}$/.exec(line.trim())?.[1];
    if (title !== undefined) tab = tabs.get(title.trim().toLowerCase());
    else if (line.trim() === '{% endtab %}') tab = undefined;
    else if (tab !== undefined && line.trim() === '```json') lines = [];
    else if (lines !== undefined && line.trim() === '```') {
      blocks.push(blockOf(tab, lines));
      lines = undefined;
    } else lines?.push(line);
  }
  return blocks;
}

function blockOf(tab, [first = '', ...rest]) {
  const [eventType, heading] = titleOf(first);
  try {
    if (!/^[\w.]+$/.test(eventType)) throw new Error('no event type');
    return { tab, eventType, heading, fields: fieldsOf(JSON.parse(rest.join('\n'))) };
  } catch {
    return { tab, unreadable: first.trim() || '(empty)' };
  }
}

/** The event type and the name in the connector of a block's first line. */
function titleOf(line) {
  const text = line.trim().replace(/^\/\//, '').trim();
  const open = text.lastIndexOf('(');
  if (open < 0 || !text.endsWith(')')) return [text, undefined];
  return [text.slice(open + 1, -1).trim(), text.slice(0, open).trim()];
}

/** Types by path of the fields of a block; constants have the type `constant`. */
function fieldsOf(value, path = '') {
  return Object.entries(value).flatMap(([name, own]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (typeof own === 'object' && own !== null && !Array.isArray(own)) return fieldsOf(own, at);
    return [{ path: at, type: typeof own === 'string' ? typeOf(own) : 'constant' }];
  });
}

const typeOf = text => /^\((?:required|optional), ([^)]+)\)/.exec(text)?.[1].trim() ?? 'constant';
