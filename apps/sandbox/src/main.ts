import { catalogue2022_06, catalogueVersions } from '@braze-mixpanel/core/currents';
import { portOf } from '@braze-mixpanel/simulator-kit';
import { Command, Option } from 'commander';
import { type ServerName, usualPorts } from './live/ports.ts';
import { runLive } from './live/run-live.ts';
import { runOnce } from './scenario/run-once.ts';

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly open?: boolean;
  readonly generation: string;
  readonly brazePort?: number;
  readonly mixpanelPort?: number;
  readonly servicePort?: number;
  readonly consolePort?: number;
}

const serverTitles: Readonly<Record<ServerName, string>> = {
  console: 'the console',
  braze: 'mock Braze',
  mixpanel: 'mock Mixpanel',
  service: 'the service',
};

const command = new Command('sandbox')
  .description('Mock Braze, mock Mixpanel and the service in one process, with traffic of every event type.')
  .option('--once', 'run an end-to-end scenario, check the totals and exit')
  .option('--json', 'with --once: print the result as a JSON object on the last line')
  .addOption(
    new Option('--generation <catalogue>', 'catalogue version of the events and of the service')
      .choices([...catalogueVersions.keys()])
      .default(catalogue2022_06.id),
  )
  .option('--open', 'open the console in a browser');
for (const [name, title] of Object.entries(serverTitles))
  command.addOption(
    new Option(`--${name}-port <number>`, `port of ${title}; 0 means any free one`)
      .argParser(portOf)
      .default(undefined, String(usualPorts[name as ServerName])),
  );
const { once = false, json = false, open = false, generation, ...ports } = command.parse().opts<Options>();
const catalogueVersion = catalogueVersions.get(generation) ?? catalogue2022_06;
if (json && !once) command.error('--json requires --once: npm start -- --once --json');
const asked = {
  braze: ports.brazePort,
  mixpanel: ports.mixpanelPort,
  service: ports.servicePort,
  console: ports.consolePort,
};
if (once && (open || Object.values(asked).some(port => port !== undefined)))
  command.error('--open and ports are those of a sandbox that runs on: leave out --once, or them.');

try {
  process.exitCode = once
    ? await runOnce({ json, catalogueVersion })
    : await runLive({ catalogueVersion, ports: asked, open });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
