import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { realMonotonic } from '../clock/index.ts';
import { LexiconError } from '../lexicon/lexicon-error.ts';
import { type LexiconReport, pushLexicon } from '../lexicon/push-lexicon.ts';
import { schemasClient } from '../lexicon/schemas-client.ts';
import { configured } from './configured.ts';
import { print } from './print.ts';
import { jsonText, paragraph, visible, whole } from './terminal.ts';

interface PushOptions {
  readonly connection: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Milliseconds until the last byte of an answer: an upload of many entries may take long. */
const timeoutMs = 120_000;

/** `lexicon push`: names, descriptions and tags of the catalogue in Mixpanel's Lexicon. */
export function lexiconCommand(): Command {
  const command = new Command('lexicon').description('describe the events of Braze in Mixpanel');
  command
    .command('push')
    .description('write the events of a connection into Lexicon; what a person wrote there is kept')
    .option('--connection <name>', 'connection whose events are written', 'default')
    .option('--dry-run', 'read Lexicon and print what would be written')
    .option('--json', 'print the report as JSON')
    .action(push);
  return command;
}

async function push({ connection: name, dryRun = false, json }: PushOptions) {
  const { connections, delivery } = await configured('Nothing was written.');
  const connection = connections.find(each => each.name === name);
  if (connection === undefined) throw new LexiconError('unknown_connection');
  const client = schemasClient({
    mixpanel: connection.mixpanel,
    vendor: { fetch, timeoutMs, now: Date.now },
    policy: delivery,
    random: Math.random,
    monotonic: realMonotonic,
    wait: async (milliseconds, reason) => {
      console.error(visible(`Waiting ${Math.ceil(milliseconds / 1_000)} s. ${reason}`));
      await pause(milliseconds);
    },
  });
  const report = await pushLexicon({ connection, client, dryRun, onProgress: console.error });
  if (report.error !== undefined) process.exitCode = 1;
  if (json) print(jsonText({ ok: report.error === undefined, ...report }, 2));
  else {
    print(textOf(report));
    if (report.error !== undefined) console.error(paragraph(report.error.message));
  }
}

function textOf({ connection, catalogueVersion, dryRun, outcome }: LexiconReport): string {
  const head = `${connection}, catalogue ${catalogueVersion}`;
  if (outcome === undefined) return `${head}: Lexicon could not be read, and nothing was written.`;
  const { written, unchanged, kept, keptProperties, left } = outcome;
  const counts = [
    `${whole(written.length)} ${dryRun ? 'to be written' : 'written'}`,
    `${whole(unchanged.length)} unchanged`,
    `${whole(kept.length)} kept because a person wrote or changed them`,
    ...(left.length > 0 ? [`${whole(left.length)} not written yet`] : []),
  ];
  return [
    `${head}: ${counts.join(', ')}.`,
    ...(kept.length > 0 ? [`Kept: ${kept.join(', ')}.`] : []),
    ...(keptProperties.length > 0
      ? [`Properties whose description elsewhere was kept: ${keptProperties.join(', ')}.`]
      : []),
    ...(dryRun ? ['Nothing was changed.'] : []),
  ]
    .map(line => paragraph(line))
    .join('\n');
}
