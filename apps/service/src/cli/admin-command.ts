import { Command, Option } from 'commander';
import { type AdminClient, configuredClient } from './admin-client.ts';
import { print } from './print.ts';
import { fitted, jsonText } from './terminal.ts';

/** Options of every command that uses a running service. */
interface AdminOptions {
  readonly url?: string;
  readonly json?: boolean;
}

export function adminCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option('--url <url>', 'address of the running service (default: HOST and PORT)'))
    .addOption(new Option('--json', 'print the response as JSON'));
}

/** Adds a command below `parent`, which accepts the options of `parent` too. */
export function subcommand(parent: Command, name: string, description: string): Command {
  const command = adminCommand(name, description);
  parent.addCommand(command);
  return command;
}

/** What a command asks the service, with its options and arguments. */
type Ask<Options, Args extends unknown[], Answer> = (
  service: AdminClient,
  options: AdminOptions & Options,
  ...args: Args
) => Promise<Answer>;

/**
 * The action of a command: asks the service, and prints the answer as text, or as JSON with `--json`.
 *
 * @param fit brings the text to the width of the terminal; by default each line is wrapped
 */
export function asks<Options, Args extends unknown[], Answer>(
  command: Command,
  ask: Ask<Options, Args, Answer>,
  format: (answer: Answer, options: Options) => string,
  fit: (text: string) => string = fitted,
): Command {
  return command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2) as Args;
    const options = { ...command.parent?.opts(), ...command.opts<AdminOptions & Options>() };
    const answer = await ask(configuredClient(options.url), options, ...args);
    print(options.json ? jsonText(answer) : fit(format(answer, options)));
  });
}
