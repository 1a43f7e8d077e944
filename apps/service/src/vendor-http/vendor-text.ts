/** Removes secrets from a text. */
export type Clean = (text: string) => string;

/** Characters of a body that are examined: more than are kept, however many of them are secrets. */
const read = 65_536;
const keptOfText = 300;
const keptOfTitle = 80;

/**
 * An answer of a vendor, or of a gateway before it, as a text that is safe in a log line, an error, a dead
 * letter and `/status`:
 *
 * - secrets are removed first: a text that was shortened first may end in half a secret;
 * - control and formatting characters, line breaks among them, become one space; the text is well-formed
 *   Unicode;
 * - an HTML or XML page is never quoted: it is described, an HTML page by its title;
 * - it is shortened to `most` characters and an ellipsis.
 *
 * Total and linear in the length of the body.
 */
export function vendorText(body: string, withoutSecrets: Clean, most = keptOfText): string {
  const text = withoutSecrets(body.slice(0, read));
  const page = startOfPage(text);
  if (page === -1) return shortened(text, most);
  return `${shortened(text.slice(0, page), most)} ${description(text.slice(page))}`.trimStart();
}

const pageTags = /<(?:!doctype|\?xml|html|head|body|title|center|h[1-6]|script|style|div|p)\b/i;
const tag = /^\s*<[a-z!?]/i;

function startOfPage(text: string): number {
  return tag.test(text) ? 0 : text.search(pageTags);
}

function description(page: string): string {
  if (!/<(?:!doctype html|html|head|body|title|center|h[1-6]|script|div|p)\b/i.test(page))
    return 'an XML document';
  const title = titleOf(page);
  return title === '' ? 'an HTML page' : `an HTML page titled "${title}"`;
}

/**
 * The title of a page, by `search` and `indexOf`: a single pattern would need quadratic time on a page of
 * opening tags.
 */
function titleOf(page: string): string {
  const tagAt = page.search(/<title\b/i);
  const start = tagAt === -1 ? -1 : page.indexOf('>', tagAt);
  if (start === -1) return '';
  const end = page.indexOf('<', start);
  return end === -1 ? '' : shortened(page.slice(start + 1, end), keptOfTitle);
}

function shortened(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
}
