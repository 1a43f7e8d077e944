import { expect, it } from 'vitest';
import { usageError } from './usage-errors.ts';

it.each([
  ["error: missing required argument 'id'\n", 'The argument <id> is missing. Run x --help.'],
  ["error: option '--limit <n>' argument missing\n", '--limit <n> has no value. Run x --help.'],
  [
    "error: unknown option '--limt'\n(Did you mean --limit?)\n",
    'There is no option --limt. Did you mean --limit? Run x --help.',
  ],
  [
    "error: unknown command 'lst'\n(Did you mean list?)\n",
    'There is no command "lst". Did you mean list? Run x --help.',
  ],
  [
    "error: too many arguments for 'show'. Expected 1 argument but got 2: a, b.\n",
    'Too many arguments: 2 given, 1 expected. Run x --help.',
  ],
  [
    "error: too many arguments for 'list'. Expected 0 arguments but got 1: a.\n",
    'Too many arguments: 1 given, 0 expected. Run x --help.',
  ],
  [
    "error: command-argument value 'x' is invalid for argument 'id'. Expected a whole number. Run list.\n",
    '<id> is "x". Expected a whole number. Run list.',
  ],
  [
    "error: option '--set <path=value>' argument 'user' is invalid. Expected <path>=<value>.\n",
    '--set <path=value> is "user". Expected <path>=<value>. Run x --help.',
  ],
  ['error: a new error of commander\n', 'a new error of commander. Run x --help.'],
])('%j is printed as a sentence', (text, sentence) => {
  expect(usageError(text, 'x --help')).toBe(sentence);
});
