/**
 * Every text that a user can read, in plain English: no idiom that readers of other languages stumble over.
 * The texts are the string literals of the sources (error, metric and settings catalogues, `doctor`, command
 * line, log, console, rules of the simulators) and the annotations of the alerts.
 */
import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = new URL('../', import.meta.url);
const read = file => readFileSync(new URL(file, root), 'utf8');
/** Mixpanel's list of refused ids, which has some of these words. */
const listOfVendor = 'packages/core/src/mixpanel/placeholder.ts';
const sources = globSync(['{apps,packages}/*/{src,page}/**/*.{ts,tsx,js}', 'scripts/install.mjs'], {
  cwd: root,
}).filter(
  file => file !== listOfVendor && !file.endsWith('.test.ts') && !/\/(testing|conformance)\//.test(file),
);

const idioms =
  /\b(nobody|somebody|whoever|whom|told|mend|mended|aboard|road|house|ha(s|ve) to be|(is|are) away|stands? in|at night|the way back)\b/i;

/** The texts of a syntax tree, each with the names of its properties. */
function* textsIn(node, names = []) {
  if (Array.isArray(node)) for (const each of node) yield* textsIn(each, names);
  if (Array.isArray(node) || typeof node?.type !== 'string') return;
  if (node.type === 'Literal' && typeof node.value === 'string') yield [names, node.value];
  if (node.type === 'JSXText') yield [names, node.value];
  if (node.type === 'TemplateElement') yield [names, node.value.cooked ?? node.value.raw];
  const inner = node.type === 'Property' ? [...names, node.key.name ?? node.key.value] : names;
  for (const child of Object.values(node)) yield* textsIn(child, inner);
}

const ofSources = sources.flatMap(file =>
  [...textsIn(parseSync(file, read(file)).program)].map(([names, text]) => ({
    place: [file, ...names].join(' '),
    text,
  })),
);
const ofAlerts = parse(read('deploy/alerts.yaml')).groups.flatMap(({ rules }) =>
  rules.flatMap(({ alert, annotations = {} }) =>
    Object.entries(annotations).map(([name, text]) => ({ place: `${alert} ${name}`, text })),
  ),
);
const texts = [...ofSources, ...ofAlerts];
const ofDocs = globSync(['README.md', 'docs/**/*.md', '{apps,packages}/*/README.md'], { cwd: root }).flatMap(
  file =>
    read(file)
      .replaceAll(/^( {4}.*|```[\s\S]*?```)$/gm, '')
      .split('\n')
      .map(text => ({ place: file, text })),
);
/** The name in the API and in the storage of what waits, as a word. Names are alone, in quotes or have a dot. */
const pending = /^Pending|pending [\w'"]|(^|[a-z},+]) pending\b(?!\.)/;
const withoutNames = text => text.replaceAll(/`[^`]*`/g, 'name');

describe('the texts for users', () => {
  it('use no idiom', () => {
    expect(texts.filter(({ text }) => idioms.test(text))).toEqual([]);
  });

  it('use one word for what waits', () => {
    const places = [...texts, ...ofDocs].filter(({ place }) => !place.startsWith('packages/storage/'));
    expect(places.filter(({ text }) => pending.test(withoutNames(text)))).toEqual([]);
  });

  it.each(['5 events pending', 'Pending', 'the oldest pending batch', 'skipped + pending'])(
    'would have no other word for it: %s',
    text => {
      expect(text).toMatch(pending);
    },
  );

  it.each([
    ['apps/service/src/errors/admin-errors.ts admin_closed message', 'The admin API is disabled'],
    ['apps/service/src/config/settings.ts PORT about', 'Port to listen on'],
    ['apps/service/src/observability/metrics/catalogue.ts imported', 'Events imported by Mixpanel.'],
    ['apps/service/src/cli/compare.ts', 'exit with 1 if any count differs'],
    ['BrazeMixpanelQuarantined summary', 'Quarantined batches'],
  ])('include %s', (place, begin) => {
    expect(texts.some(each => each.place === place && each.text.startsWith(begin))).toBe(true);
  });

  it.each(['Nobody was removed.', 'Mixpanel is away.', 'It has to be set.'])(
    'would not include: %s',
    text => {
      expect(text).toMatch(idioms);
    },
  );
});
