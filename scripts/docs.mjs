/**
 * The generated parts of the documentation, and the generated files for Prometheus and Grafana. A page has a pair of markers, `<!-- generated: name -->` … `<!--
 * /generated -->`, and `npm run docs` writes the text between them from the code. A test fails when a
 * committed page differs.
 */
import { existsSync } from 'node:fs';
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
  alertRules,
  causeTable,
  dashboard,
  differenceTable,
  errorTable,
  metricsTable,
  settingsTable,
} from '@braze-mixpanel/service';
import { coverageTable } from '@braze-mixpanel/simulator-kit';
import { alertsFile } from './alerts-file.mjs';

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

/** Files that are generated whole, with their text. */
export const files = {
  'deploy/alerts.yaml': () => alertsFile(alertRules()),
  'deploy/grafana-dashboard.json': () => `${JSON.stringify(dashboard(), null, 2)}\n`,
};

async function write() {
  for (const [file, text] of Object.entries(files)) await writeText(file, text);
  for (const page of await pages()) await writeText(page, regenerate);
}

async function writeText(file, next) {
  const path = join(root, file);
  const before = existsSync(path) ? await readFile(path, 'utf8') : '';
  const after = next(before);
  if (after === before) return;
  await writeFile(path, after);
  console.log(`${file}: written`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
