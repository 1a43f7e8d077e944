import { startService } from '../service.ts';
import { configured, type SettingOptions } from './configured.ts';
import { collectTraces } from './traces.ts';

/** Runs the service until SIGTERM or SIGINT; SIGHUP lets it read its configuration again. */
export async function serve(options: SettingOptions): Promise<void> {
  const config = configured(options);
  const traces = await collectTraces();
  const service = await startService(config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void service.close().then(() => traces?.stop()));
  process.on('SIGHUP', () => void service.reload(() => configured(options)));
  console.log(`listening on ${service.url}`);
}
