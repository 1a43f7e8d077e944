import { Command } from 'commander';
import { runLive } from './live/run-live.ts';
import { runOnce } from './scenario/run-once.ts';

const command = new Command('sandbox')
  .description('Mock Braze, mock Mixpanel and the service in one process, with traffic of every event type.')
  .option('--once', 'play one fixed scenario, check that every number adds up, and end')
  .option('--json', 'with --once: print the result as one JSON object, the last line')
  .parse();
const { once = false, json = false } = command.opts<{ once?: boolean; json?: boolean }>();
if (json && !once) command.error('--json goes with --once: npm start -- --once --json');

try {
  process.exitCode = once ? await runOnce({ json }) : await runLive();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
