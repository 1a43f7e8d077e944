import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { authorityFolder } from './tls/authority.ts';
import type { TlsOptions } from './tls/server-certificate.ts';
import type { Listening } from './transport/listen.ts';

/** The settings of a simulator, from its command line and environment. */
export interface CommandSettings {
  readonly port: number;
  readonly host: string;
  readonly seed: string;
  /** Address of another simulator's `/_sim/clock` to follow, from CLOCK_URL. */
  readonly clockUrl: string | undefined;
  readonly tls: TlsOptions | false;
  /** Public host names allowed for `/_sim`, in addition to private ones. */
  readonly allowHosts: readonly string[];
  /**
   * The initial state, also used after a reset, as `GET /_sim/state` returns it; read from a file, not
   * validated yet.
   */
  readonly begin: unknown;
  /** Values of the simulator's own options by name; absent if not given. */
  readonly texts: Readonly<Record<string, string | undefined>>;
}

/** An option of one simulator, whose value is a text. */
export interface TextOption {
  /** Such as `storage-dir`. */
  readonly name: string;
  /** Such as `folder`, for the help. */
  readonly value: string;
  readonly description: string;
  /** Name of the environment variable with the same meaning. */
  readonly variable: string;
}

/** A running simulator. */
export type RunningSimulator = Pick<Listening, 'url' | 'authority' | 'close'>;

/** A simulator as a command: see `runSimulatorCommand`. */
export interface SimulatorCommand {
  readonly name: string;
  readonly description: string;
  readonly defaultPort: number;
  readonly start: (settings: CommandSettings) => Promise<RunningSimulator>;
  /** Options besides those of every simulator; none by default. */
  readonly options?: readonly TextOption[];
  /** `process.argv` by default. */
  readonly argv?: readonly string[];
  /** `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The entry point of a simulator's command. Prints `listening on <url>` when ready and exits cleanly on
 * SIGTERM and SIGINT. If it can't start, it prints one sentence and exits with status 1.
 */
export async function runSimulatorCommand(options: SimulatorCommand): Promise<void> {
  const { argv = process.argv, env = process.env } = options;
  const texts: Record<string, string | undefined> = {};
  const command = new Command(options.name)
    .description(options.description)
    .option(
      '--port <number>',
      `port to listen on; 0 means any free port (PORT, default ${options.defaultPort})`,
      portOf,
    )
    .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--seed <text>', 'makes generated data and random faults repeatable', 'braze-mixpanel')
    .option('--clock-url <url>', "follow another simulator's clock (CLOCK_URL)")
    .option(
      '--state <file>',
      'load the initial state from a JSON file saved from GET /_sim/state (STATE_FILE)',
    )
    .option('--tls', 'serve HTTPS with a certificate of a local authority, created on the first run (TLS=1)')
    .option('--tls-folder <path>', `folder of the local authority (TLS_FOLDER, default ${authorityFolder()})`)
    .option(
      '--tls-name <name...>',
      'additional names for the certificate, for example of a container (TLS_NAMES)',
    )
    .option('--allow-host <name...>', 'public host names allowed for /_sim (ALLOW_HOSTS)')
    .addHelpText('after', '\nThe control API is under /_sim: GET /_sim/coverage lists it.');
  const own = options.options ?? [];
  for (const { name, value, description, variable } of own)
    command.option(`--${name} <${value}>`, `${description} (${variable})`, (text: string) => {
      texts[name] = text;
    });
  command.parse(argv);
  const given = command.opts<Given>();
  const names = (option: readonly string[] | undefined, text: string | undefined) =>
    option ?? text?.split(/[\s,]+/).filter(Boolean) ?? [];
  for (const { name, variable } of own) texts[name] ??= env[variable] || undefined;
  try {
    const stateFile = given.state ?? (env.STATE_FILE || undefined);
    const running = await options.start({
      port: given.port ?? (env.PORT ? portOf(env.PORT) : options.defaultPort),
      host: given.host ?? (env.HOST || '127.0.0.1'),
      seed: given.seed,
      clockUrl: given.clockUrl ?? (env.CLOCK_URL || undefined),
      tls: (given.tls ?? /^(1|true|yes)$/i.test(env.TLS ?? '')) && {
        folder: given.tlsFolder ?? (env.TLS_FOLDER || undefined),
        names: names(given.tlsName, env.TLS_NAMES),
      },
      allowHosts: names(given.allowHost, env.ALLOW_HOSTS),
      begin: stateFile === undefined ? undefined : await readState(stateFile),
      texts,
    });
    closeOnSignal(() => running.close());
    if (running.authority) {
      console.log(`To trust it: export NODE_EXTRA_CA_CERTS=${JSON.stringify(running.authority.certFile)}`);
    }
    console.log(`listening on ${running.url}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

interface Given {
  readonly port?: number;
  readonly host?: string;
  readonly seed: string;
  readonly clockUrl?: string;
  readonly state?: string;
  readonly tls?: true;
  readonly tlsFolder?: string;
  readonly tlsName?: string[];
  readonly allowHost?: string[];
}

/** @throws Error with one sentence if the file can't be read or is not JSON. */
async function readState(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Could not read the state from ${file}: ${reason}`, { cause });
  }
}

/**
 * The port that an option or a variable names, for example `portOf('4010')`.
 *
 * @throws InvalidArgumentError of commander for anything but a whole number from 0 to 65535.
 */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(`A port is a whole number from 0 to 65535, not "${text}".`);
}

function closeOnSignal(close: () => Promise<void>): void {
  const end = () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
