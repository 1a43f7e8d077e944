/**
 * The generated parts of the documentation. A page has a pair of markers, `<!-- generated: name -->` … `<!--
 * /generated -->`, and `npm run docs` writes the text between them from the code. A test fails when a
 * committed page differs.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  catalogue2022_06,
  catalogue2026_07,
  catalogueDifferenceTable,
  catalogueTable,
} from '@braze-mixpanel/core/currents';
import { reasonTable } from '@braze-mixpanel/core/mapping';
import { fileDifferencesTable } from '@braze-mixpanel/currents-files';
import { createMockBraze } from '@braze-mixpanel/mock-braze';
import { createMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import {
  causeTable,
  differenceTable,
  errorTable,
  metricsTable,
  settingsTable,
} from '@braze-mixpanel/service';
import { coverageTable } from '@braze-mixpanel/simulator-kit';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A simulator's own coverage, as Markdown. */
async function rulesOf(create) {
  const { simulator, close } = await create();
  const table = coverageTable(simulator.coverage());
  await close();
  return table;
}
const rules = {
  braze: await rulesOf(createMockBraze),
  mixpanel: await rulesOf(createMockMixpanel),
};

const parts = {
  'rules of mock-braze': () => rules.braze,
  'rules of mock-mixpanel': () => rules.mixpanel,
  'event catalogue': () => catalogueTable(catalogue2022_06),
  'event catalogue 2026-07': () => catalogueTable(catalogue2026_07),
  'changes of the catalogue': () => catalogueDifferenceTable(catalogue2022_06, catalogue2026_07),
  'mapping outcomes': reasonTable,
  'settings of the service': () => settingsTable('service'),
  'settings of a connection': () => settingsTable('connection'),
  'errors of the service': () => errorTable(),
  'errors of delivery': () => errorTable('delivery'),
  'causes of differences': causeTable,
  'differences of a comparison': differenceTable,
  'differences of files': fileDifferencesTable,
  metrics: metricsTable,
};

const marked = /(<!-- generated: ([^>]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** Every page of the project: the README and friends, and all of `docs/`. */
export async function pages() {
  const entries = await readdir(join(root, 'docs'), { recursive: true });
  const docs = entries.filter(name => name.endsWith('.md')).map(name => `docs/${name}`);
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docs.sort()];
}

/** A page's text with its generated parts written again. */
export function regenerate(text) {
  return text.replace(marked, (_, open, name, close) => {
    const part = parts[name];
    if (!part)
      throw new Error(`No generated part is called "${name}". Known: ${Object.keys(parts).join(', ')}.`);
    return `${open}\n${part().trim()}\n\n${close}`;
  });
}

async function write() {
  for (const page of await pages()) {
    const path = join(root, page);
    const before = await readFile(path, 'utf8');
    const after = regenerate(before);
    if (after === before) continue;
    await writeFile(path, after);
    console.log(`${page}: written`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
