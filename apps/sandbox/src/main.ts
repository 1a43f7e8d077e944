import { catalogue2022_06, catalogueVersions } from '@braze-mixpanel/core/currents';
import { Command, Option } from 'commander';
import { runLive } from './live/run-live.ts';
import { runOnce } from './scenario/run-once.ts';

const command = new Command('sandbox')
  .description('Mock Braze, mock Mixpanel and the service in one process, with traffic of every event type.')
  .option('--once', 'run an end-to-end scenario, check the totals and exit')
  .option('--json', 'with --once: print the result as a JSON object on the last line')
  .addOption(
    new Option('--generation <catalogue>', 'catalogue version of the events and of the service')
      .choices([...catalogueVersions.keys()])
      .default(catalogue2022_06.id),
  )
  .parse();
const {
  once = false,
  json = false,
  generation,
} = command.opts<{ once?: boolean; json?: boolean; generation: string }>();
const catalogueVersion = catalogueVersions.get(generation) ?? catalogue2022_06;
if (json && !once) command.error('--json requires --once: npm start -- --once --json');

try {
  process.exitCode = once ? await runOnce({ json, catalogueVersion }) : await runLive(catalogueVersion);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
