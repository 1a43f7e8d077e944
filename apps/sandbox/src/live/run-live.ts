import type { CatalogueVersion } from '@braze-mixpanel/core/currents';
import { createLogUpdate } from 'log-update';
import { startConsole } from '../console/start-console.ts';
import { startCohorts } from '../scenario/cohorts.ts';
import { launchCurrent, seedUsers } from '../seed.ts';
import { startStack } from '../stack.ts';
import { freePort } from './free-port.ts';
import { readSummary, sum } from './read-summary.ts';
import { renderSummary } from './render-summary.ts';
import { startTraffic } from './traffic.ts';

const expectedPorts = { braze: 4010, mixpanel: 4020, service: 4000, console: 4030 };

async function choosePorts(): Promise<typeof expectedPorts> {
  const { braze, mixpanel, service, console: page } = expectedPorts;
  const ports = {
    braze: await freePort(braze),
    mixpanel: await freePort(mixpanel),
    service: await freePort(service),
    console: await freePort(page),
  };
  const taken = Object.values(expectedPorts).filter(port => !Object.values(ports).includes(port));
  if (taken.length > 0)
    console.log(`In use by another program, replaced by any free port: ${taken.join(', ')}.`);
  return ports;
}

/**
 * The live sandbox: runs traffic and a summary screen until Ctrl-C. Without a terminal it prints a line every
 * ten seconds.
 */
export async function runLive(catalogueVersion: CatalogueVersion): Promise<number> {
  const interactive = process.stdout.isTTY === true;
  console.log('Starting mock Braze, mock Mixpanel and the service …');
  const ports = await choosePorts();
  await using stack = await startStack({ ports, catalogueVersion });
  await using shown = await startConsole(stack, { port: ports.console });
  await seedUsers(stack);
  const current = await launchCurrent(stack);
  await startCohorts(stack);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());
  using traffic = startTraffic(stack, catalogueVersion, stopped.reject);

  const screen = createLogUpdate(process.stdout);
  const draw = async () => {
    const summary = await readSummary(stack, current);
    if (interactive) screen(renderSummary(stack, shown.url, summary));
    else
      console.log(
        `${summary.emitted} emitted, ${summary.imported} imported, ${sum(summary.skipped)} skipped, ${summary.deadLettered} dead letters, ${summary.pending} pending`,
      );
  };
  if (!interactive) console.log(renderSummary(stack, shown.url, await readSummary(stack, current)));
  const drawing = setInterval(() => draw().catch(stopped.reject), interactive ? 500 : 10_000);
  try {
    await stopped.promise;
  } finally {
    clearInterval(drawing);
    traffic[Symbol.dispose]();
    screen.done();
    console.log('Stopping …');
  }
  return 0;
}
