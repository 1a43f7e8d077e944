/**
 * Braze's glossary of Currents events, read from the Markdown files of its documentation. Each event type has
 * tabs, one per connector, with a block of JSON whose first line names the type: `// users.canvas.Entry`, or
 * `// Canvas Entry (users.canvas.Entry)` with the name in the connector. A field's value is a text such as
 * `(optional, string) [PII] …`, or a constant.
 *
 * @see https://github.com/braze-inc/braze-docs `event_glossary/*.md` (read 2026-11-26)
 */
import { isObject } from './is-object.mjs';
import { textsOf } from './texts-of.mjs';

const tabs = new Map([
  ['cloud storage', 'storage'],
  ['custom http', 'custom HTTP'],
  ['custom http connector', 'custom HTTP'],
  ['mixpanel', 'Mixpanel'],
]);

/** Headings of tabs for other connectors, which are left out. */
const otherTabs = new Set(['amplitude', 'mparticle', 'segment', 'shopify']);

/**
 * Blocks of all Markdown files of a folder: `{ file, tab, eventType, heading, fields }` with fields by path,
 * such as `properties.app_id`, `{ file, tab, unreadable }` for a block that is not in the known form, or
 * `{ file, tab, unknownTab }` for an event in a tab of an unknown heading.
 */
export async function readGlossary(folder) {
  const texts = await textsOf(folder, /\.md$/);
  return texts.flatMap(({ file, text }) => blocksOf(text).map(block => ({ file, ...block })));
}

function blocksOf(text) {
  const blocks = [];
  let title;
  let lines;
  const end = () => {
    if (lines !== undefined) blocks.push(blockOf(title, lines));
    lines = undefined;
  };
  for (const line of [...text.split(/\r?\n/), endOfTab]) {
    const trimmed = line.trim();
    const next = /^\{% tab (.+) %\}$/.exec(trimmed)?.[1].trim();
    if (next !== undefined || trimmed === endOfTab) {
      end();
      title = next;
    } else if (lines !== undefined && trimmed === '```') end();
    else if (lines !== undefined) lines.push(line);
    else if (title !== undefined && /^```\s*json$/.test(trimmed)) lines = [];
  }
  return blocks.filter(block => block !== undefined);
}

const endOfTab = '{% endtab %}';

/** The block of a tab; `undefined` for one of another connector. */
function blockOf(title, [first = '', ...rest]) {
  const [eventType, heading] = titleOf(first);
  const isEventType = /^\w+(?:\.\w+)+$/.test(eventType);
  const tab = tabs.get(title.toLowerCase());
  if (tab === undefined) {
    const isOther = !isEventType || otherTabs.has(title.toLowerCase());
    return isOther ? undefined : { tab: title, unknownTab: true };
  }
  try {
    const value = JSON.parse(rest.join('\n'));
    if (!isEventType || !isObject(value)) throw new Error('no event type, or no fields');
    return { tab, eventType, heading, fields: fieldsOf(value) };
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
    if (isObject(own)) return fieldsOf(own, at);
    return [{ path: at, type: typeof own === 'string' ? typeOf(own) : 'constant' }];
  });
}

const typeOf = text => /^\((?:required|optional), ([^)]+)\)/.exec(text)?.[1].trim() ?? 'constant';
