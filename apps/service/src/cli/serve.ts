import { openStorage } from '@braze-mixpanel/storage';
import type { Service } from '../service/start-service.ts';
import { configured, reread, type SettingOptions } from './configured.ts';
import { collectTraces } from './traces.ts';

/** Runs the service until SIGTERM or SIGINT; SIGHUP reloads the configuration. */
export async function serve(options: SettingOptions): Promise<void> {
  const config = await configured('The service did not start.', options);
  // Storage opens in its thread while this one loads the rest of the service, which awaits it.
  const opening = openStorage(config.storageUrl);
  opening.catch(() => undefined);
  // Released where a step before the service, or of its start, fails: the process ends then.
  await using cleanup = new AsyncDisposableStack();
  let isTaken = false;
  cleanup.defer(async () => {
    const storage = await opening.catch(() => undefined);
    if (!isTaken) await storage?.close();
  });
  const [{ startService }, traces] = await Promise.all([
    import('../service/start-service.ts'),
    collectTraces(),
  ]);
  if (traces) cleanup.defer(() => traces.stop());
  let started: Service | undefined;
  // Before `started` is set the configuration has just been read.
  process.on('SIGHUP', () => void started?.reload(() => reread(options)));
  const service = await startService(config, {
    openStorage: () => {
      // From here on the service closes it.
      isTaken = true;
      return opening;
    },
  });
  started = service;
  const running = cleanup.move();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void service.close().then(() => running.disposeAsync()));
  console.log(`listening on ${service.url}`);
}
