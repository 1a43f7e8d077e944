import { fileProblem } from '@braze-mixpanel/storage';
import { parseDocument } from 'yaml';

const inQuotes = 'text that begins with ! or * in quotes';

/** The errors of the YAML parser that are likely in a configuration, with what is expected instead. */
const mistakes: Readonly<Record<string, readonly [what: string, expected: string]>> = {
  BAD_ALIAS: ['a text begins with *', inQuotes],
  BAD_INDENT: [
    'the indentation is wrong or a bracket is not closed',
    'the same number of spaces before all settings of a map',
  ],
  BAD_SCALAR_START: ['a text begins with a reserved character', 'such text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a line has two settings', 'one setting on each line, or text with ": " in quotes'],
  DUPLICATE_KEY: ['a setting is there twice', 'each setting once'],
  MISSING_CHAR: [
    'a quote, bracket, comma or colon is missing',
    'name: value, with quotes and brackets closed',
  ],
  MULTILINE_IMPLICIT_KEY: ['a colon is missing', 'name: value on one line'],
  MULTIPLE_DOCS: ['a second document begins', 'one document, without a line ---'],
  TAB_AS_INDENT: ['a line begins with a tab', 'spaces'],
  TAG_RESOLVE_FAILED: ['a text begins with !', inQuotes],
};

/** The settings of a YAML file, or what is wrong with it. The message never quotes the file: it has secrets. */
export function readConfigFile(
  path: string,
  readFile: (path: string) => string,
): { readonly document: Record<string, unknown> } | { readonly fault: string } {
  const unread = (why: string) => ({ fault: `${path} could not be read: ${why}` });
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return unread(`${whyUnreadable(error)}; expected a YAML file.`);
  }
  try {
    const parsed = parseDocument(text, { intAsBigInt: true });
    const [wrong] = [...parsed.errors, ...parsed.warnings];
    if (wrong !== undefined) {
      const [place] = wrong.linePos ?? [];
      const [what, expected] = mistakes[wrong.code] ?? ['the text is not valid YAML', 'a YAML file'];
      return unread(`${what} at line ${place?.line}, column ${place?.col}; expected ${expected}.`);
    }
    const document: unknown = parsed.toJS() ?? {};
    return isMap(document) ? { document } : { fault: `${path} is not a map; expected settings by name.` };
  } catch {
    return unread('an alias is unknown or used too often; expected text that begins with * in quotes.');
  }
}

/** Why a file could not be read, without a period at the end. */
export const whyUnreadable = (error: unknown): string =>
  fileProblem(error) ??
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/[.:]$/, '');

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
