import { Command, InvalidArgumentError } from 'commander';

/** What a simulator's command line and environment say. */
export interface CommandSettings {
  readonly port: number;
  readonly host: string;
  readonly seed: string;
  /** The `/_sim/clock` of a simulator to follow, from CLOCK_URL. */
  readonly clockUrl: string | undefined;
}

export interface SimulatorCommand {
  readonly name: string;
  readonly description: string;
  readonly defaultPort: number;
  readonly start: (settings: CommandSettings) => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs one simulator as a process: prints `listening on <url>` when it is ready, ends cleanly on SIGTERM and SIGINT, and says in one
 * sentence why it can't start (exit status 1).
 */
export async function runSimulatorCommand(options: SimulatorCommand): Promise<void> {
  const { argv = process.argv, env = process.env } = options;
  const command = new Command(options.name)
    .description(options.description)
    .option(
      '--port <number>',
      `where to listen; 0 takes any free port (PORT, default ${options.defaultPort})`,
      portOf,
    )
    .option('--host <address>', 'address to listen at (HOST, default 127.0.0.1)')
    .option('--seed <text>', 'makes generated data and random faults repeatable', 'braze-mixpanel')
    .option('--clock-url <url>', "follow another simulator's clock (CLOCK_URL)");
  command.parse(argv);
  const given = command.opts<{ port?: number; host?: string; seed: string; clockUrl?: string }>();
  try {
    const running = await options.start({
      port: given.port ?? (env.PORT ? portOf(env.PORT) : options.defaultPort),
      host: given.host ?? (env.HOST || '127.0.0.1'),
      seed: given.seed,
      clockUrl: given.clockUrl ?? (env.CLOCK_URL || undefined),
    });
    closeOnSignal(() => running.close());
    console.log(`listening on ${running.url}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(`A port is a whole number from 0 to 65535, and "${text}" is none.`);
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
