import type { Command } from 'commander';
import { fitted } from './terminal.ts';

/** The errors of commander, with the sentence for each. */
const sentences: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^missing required argument '(.+)'/, 'The argument <$1> is missing.'],
  [/^option '(.+)' argument missing/, '$1 has no value.'],
  [/^unknown option '(.+)'/, 'There is no option $1.'],
  [/^unknown command '(.+)'/, 'There is no command "$1".'],
  [
    /^too many arguments.*?\. Expected (\d+) arguments? but got (\d+).*/s,
    'Too many arguments: $2 given, $1 expected.',
  ],
  [/^command-argument value '(.*)' is invalid for argument '([^']+)'\./s, '<$2> is "$1".'],
  [/^option '([^']+)' argument '(.*)' is invalid\./s, '$1 is "$2".'],
];

/** Prints errors of usage as sentences that name `--help`, in this command and all below it. */
export function explainUsage(command: Command, path: readonly string[] = []): void {
  const help = [...path, '--help'].join(' ');
  command.configureOutput({
    outputError: (text, write) => write(`${fitted(usageError(text, help), process.stderr)}\n`),
  });
  for (const each of command.commands) explainUsage(each, [...path, each.name()]);
}

/** Refuses an argument that is an empty text, as from a variable that is not set. */
export function refuseEmpty(command: Command): void {
  const index = command.args.indexOf('');
  const argument = command.registeredArguments[index];
  if (argument !== undefined) command.error(`The argument <${argument.name()}> is empty.`);
}

/** The sentence for an error of commander. @param help arguments that print the usage */
export function usageError(text: string, help: string): string {
  const [error = '', near = ''] = text
    .trim()
    .replace(/^error: /, '')
    .split(/\n(?=\()/);
  const found = sentences.find(([pattern]) => pattern.test(error));
  const sentence = found === undefined ? error : error.replace(...found);
  const suggestion = near === '' ? '' : ` ${near.slice(1, -1)}`;
  const advice = / Run \S/.test(sentence) ? '' : ` Run ${help}.`;
  return `${sentence.replace(/\.?$/, '.')}${suggestion}${advice}`;
}
