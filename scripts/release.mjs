/**
 * `npm run release -- version`: turns the changes in `.changeset` into the next version of every package, and
 * an entry of the changelog. Prints the version; without changes it does and prints nothing.
 *
 * `npm run release -- notes 1.2.3`: prints the changelog entry of a version.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const mark = '<!-- releases -->\n';
const file = join(root, 'CHANGELOG.md');
const changeset = (...args) =>
  execFileSync(process.execPath, [join(root, 'node_modules/.bin/changeset'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/**
 * The changelog with one more entry at its head: a paragraph per change, in the order of their files' names.
 */
export function withEntry(changelog, version, summaries) {
  if (!changelog.includes(mark)) throw new Error(`CHANGELOG.md has lost its line ${mark.trim()}`);
  const entry = `\n## ${version}\n\n${summaries.map(summary => summary.trim()).join('\n\n')}\n`;
  return changelog.replace(mark, () => mark + entry);
}

/** The changelog entry of a version. */
export function notesOf(changelog, version) {
  const [, notes] = changelog.split(`\n## ${version}\n`);
  if (notes === undefined) throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return notes.split('\n## ')[0].trim();
}

/** Changes since the last version, and the version that they lead to. */
function planned() {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    changeset('status', '--output', join(folder, 'status.json'));
    const { changesets, releases } = JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'));
    const sorted = changesets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { summaries: sorted.map(({ summary }) => summary), version: releases[0]?.newVersion };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function version() {
  const { summaries, version } = planned();
  if (version === undefined) return;
  changeset('version');
  writeFileSync(file, withEntry(readFileSync(file, 'utf8'), version, summaries));
  const manifest = join(root, 'package.json');
  const before = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, before.replace(/"version": "[^"]+"/, `"version": "${version}"`));
  const example = join(root, 'deploy/kubernetes.yaml');
  const image = readFileSync(example, 'utf8').replace(/(image: .*\/service:).*/, (_, name) => name + version);
  writeFileSync(example, image);
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: root, stdio: 'ignore' });
  console.log(version);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [verb, wanted] = process.argv.slice(2);
  if (verb === 'version') version();
  else if (verb === 'notes' && wanted) console.log(notesOf(readFileSync(file, 'utf8'), wanted));
  else {
    console.error('Expected: npm run release -- version, or npm run release -- notes <version>.');
    process.exitCode = 1;
  }
}
