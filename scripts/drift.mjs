/**
 * `npm run drift -- <folder>`: what Braze's glossary of Currents events has and the newest catalogue version
 * lacks or types differently. The folder has the glossary's Markdown files, or JSON samples of events.
 *
 * Exit status: 0 without a difference, 1 with one, 2 if the folder can't be read or has neither. With `--complete`,
 * 1 also if the folder lacks an event type of the catalogue, as it does once Braze moves a page.
 */
import { parseArgs } from 'node:util';
import { catalogue2026_07, glossary2026_07 } from '@braze-mixpanel/core/currents';
import { differences } from './drift/differences.mjs';
import { notCompared } from './drift/not-compared.mjs';
import { readGlossary } from './drift/read-glossary.mjs';
import { readSamples } from './drift/read-samples.mjs';

const help = `npm run drift -- <folder> [--json] [--complete]: compares the Markdown files of
Braze's event glossary in the folder, or JSON samples of events in it and in its
folders, with the newest event catalogue. Exit status 1 with a difference, 2 if
there is nothing to compare. With --complete, 1 also if the folder lacks an
event type of the catalogue.`;

/** Widest line of the table. */
const width = 80;

/** Runs the command. @returns the exit status */
export async function drift(args, print, complain) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        complete: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    complain(`${error.message.split('. ')[0]}: npm run drift -- --help lists the options.`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    print(help);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] === '') {
    complain('Name one folder with the Markdown files of the glossary: npm run drift -- <folder>.');
    return 2;
  }
  const [folder] = positionals;
  const blocks = await blocksOf(folder);
  if (typeof blocks === 'string') {
    complain(blocks);
    return 2;
  }
  const found = differences(blocks, catalogue2026_07, glossary2026_07);
  const missing = notCompared(blocks, glossary2026_07);
  const types = new Set(blocks.map(({ eventType }) => eventType).filter(type => type !== undefined)).size;
  if (values.json) {
    const report = { eventTypes: types, differences: found, notCompared: missing };
    print(JSON.stringify({ catalogueVersion: catalogue2026_07.id, ...report }));
  } else print(table(found, missing, types));
  return found.length > 0 || (values.complete && missing.length > 0) ? 1 : 0;
}

/** Blocks of a folder, or one sentence that says why there are none. */
async function blocksOf(folder) {
  try {
    const glossary = await readGlossary(folder);
    if (glossary.length > 0) return glossary;
    const samples = await readSamples(folder);
    if (samples.some(({ eventType }) => eventType !== undefined)) return samples;
    return `${folder} has no glossary: no Markdown file with an event in a tab "Cloud Storage", "Custom HTTP Connector" or "Mixpanel", and no JSON sample of an event.`;
  } catch (error) {
    return `${error.path ?? folder} can't be read (${error.code ?? error.message}): name a folder with the Markdown files of the glossary.`;
  }
}

function table(found, missing, types) {
  const { id } = catalogue2026_07;
  const head = `${counted(types, 'event type')} compared with the catalogue ${id}: ${counted(found.length, 'difference')}.`;
  const groups = Map.groupBy(found, ({ eventType, file }) => eventType ?? file);
  const rows = [...groups].flatMap(([group, own]) => [
    '',
    group,
    ...own.map(each => `  ${each.tab.padEnd(11)}  ${each.kind.padEnd(10)}  ${textOf(each)}`),
  ]);
  const lacks = missing.map(
    ({ tab, eventTypes, of }) => `  ${tab.padEnd(11)}  ${eventTypes.length} of ${counted(of, 'event type')}`,
  );
  if (lacks.length > 0) lacks.unshift('', 'Not compared, since the folder lacks them:');
  return [head, ...rows, ...lacks]
    .map(line => line.replace(/\p{C}/gu, '·'))
    .map(line => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join('\n');
}

const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function textOf({ kind, name, theirs, ours }) {
  if (kind === 'event type') return 'not in the catalogue';
  if (kind === 'connector') return 'not carried in the catalogue';
  if (kind === 'unreadable') return name;
  if (kind === 'tab') return 'not a known tab';
  if (kind === 'name') return ours === undefined ? `${name}, new` : `${name}, was ${ours}`;
  return ours === undefined ? `${name} (${theirs})` : `${name} (${theirs}, was ${ours})`;
}

if (import.meta.main) process.exitCode = await drift(process.argv.slice(2), console.log, console.error);
