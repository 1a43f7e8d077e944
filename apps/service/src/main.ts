import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { printable } from './config/printable.ts';
import { type Config, ConfigRefused, readConfig } from './config.ts';
import { startService } from './service.ts';

interface ListenOptions {
  port?: string;
  host?: string;
}

// Almost everything that a batch leaves behind is garbage within milliseconds. Left to itself V8 makes 128 MB of room for it,
// which costs memory and saves no time here; with this the young generation keeps its first size.
setFlagsFromString('--semi-space-growth-factor=1');
// What lives longer is little and bounded, so the old generation need not be allowed to double before it is cleaned: this took
// 70 MB off a cohort of a million members and off a full load of events, for a difference in speed below the machine's noise.
setFlagsFromString('--heap-growing-percent=40');

const program = new Command('service')
  .description('Takes Braze Currents and sends them to Mixpanel; keeps Mixpanel cohorts in Braze.')
  .option('--port <port>', 'port to listen on, 0 for any free one (PORT)')
  .option('--host <host>', 'address to listen on (HOST)')
  .action(serve);

const config = program
  .command('config')
  .description('looks at the configuration without starting the service');
config
  .command('check')
  .description('says whether the configuration is in order')
  .action(() => {
    for (const warning of configured({}).warnings) console.error(warning);
    console.log('The configuration is in order.');
  });
config
  .command('print')
  .description('prints the configuration as it is understood, without secrets')
  .action(() => console.log(JSON.stringify(printable(configured({})), undefined, 2)));

try {
  await program.parseAsync();
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}

async function serve(options: ListenOptions): Promise<void> {
  const service = await startService(configured(options));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.close());
  console.log(`listening on ${service.url}`);
}

function configured({ port, host }: ListenOptions): Config {
  const environment = {
    ...process.env,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  };
  return readConfig({ environment });
}

function sentence(error: unknown): string {
  if (error instanceof ConfigRefused) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${address} is taken by another process. Stop it, or choose another port with --port or PORT.`;
  if (code === 'EACCES')
    return `Port ${port} on ${address} may not be used by this user. Choose a port above 1023 with --port or PORT.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `The address ${address ?? ''} is none of this machine. Correct --host or HOST.`;
  return ['StorageError', 'CohortError', 'ClockError'].includes(error.name)
    ? error.message
    : (error.stack ?? error.message);
}
