import type { CatalogueVersion } from '@braze-mixpanel/core/currents';
import { createLogUpdate } from 'log-update';
import { startConsole } from '../console/start-console.ts';
import { startCohorts } from '../scenario/cohorts.ts';
import { launchCurrent, seedUsers } from '../seed.ts';
import { startStack } from '../stack.ts';
import { sentToService } from './notes.ts';
import { openInBrowser } from './open-in-browser.ts';
import { type AskedPorts, choosePorts } from './ports.ts';
import { readSummary, sum } from './read-summary.ts';
import { renderSummary } from './render-summary.ts';
import { keptEvents, startTraffic } from './traffic.ts';

export interface LiveOptions {
  readonly catalogueVersion: CatalogueVersion;
  /** Ports that were asked for; by default the usual ones. */
  readonly ports: AskedPorts;
  /** Whether to open the console in a browser. */
  readonly open: boolean;
}

/**
 * The live sandbox: runs traffic and a summary screen until Ctrl-C. Without a terminal it prints a line every
 * ten seconds. A request of the traffic or of the summary that fails is shown; the sandbox runs on.
 */
export async function runLive(options: LiveOptions): Promise<number> {
  await runUntilSignal(options);
  console.log('Stopped. No data was kept.');
  return 0;
}

async function runUntilSignal({ catalogueVersion, ports: asked, open }: LiveOptions): Promise<void> {
  const interactive = process.stdout.isTTY === true;
  console.log('Starting mock Braze, mock Mixpanel and the service …');
  const { ports, replaced } = await choosePorts(asked);
  if (replaced.length > 0)
    console.log(`In use by another program, replaced by any free port: ${replaced.join(', ')}.`);
  await using stack = await startStack({ ports, catalogueVersion, judgedEvents: keptEvents / 2 });
  await using shown = await startConsole(stack, { port: ports.console, keptEvents });
  await seedUsers(stack);
  await launchCurrent(stack);
  await startCohorts(stack);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());
  if (open) await openInBrowser(`${shown.url}/`);
  using traffic = startTraffic(stack, catalogueVersion);

  const screen = createLogUpdate(process.stdout);
  let isStopping = false;
  const showFailure = (error: Error) => {
    if (isStopping) return;
    const text = `The summary cannot be read and is tried again: ${error.message}`;
    if (interactive) screen(text);
    else console.error(text);
  };
  const read = async () => ({
    ...(await readSummary(stack)),
    dropped: traffic.dropped(),
    trafficProblem: traffic.problem(),
  });
  const draw = async () => {
    const summary = await read();
    // Drawn later, it would be the last that is seen.
    if (isStopping) return;
    if (interactive) screen(renderSummary(stack, shown.url, summary));
    else
      console.log(
        `${sentToService(summary.currents)} sent, ${summary.imported} imported, ${sum(summary.skipped)} skipped, ${summary.deadLettered} dead letters, ${summary.pending} waiting`,
      );
  };
  if (!interactive) console.log(renderSummary(stack, shown.url, await read()));
  const drawing = setInterval(() => draw().catch(showFailure), interactive ? 500 : 10_000);
  try {
    await stopped.promise;
  } finally {
    isStopping = true;
    clearInterval(drawing);
    traffic[Symbol.dispose]();
    screen.done();
    console.log('Stopping …');
  }
}
