import { startService } from '../service.ts';
import { configured, type SettingOptions } from './configured.ts';

/** Runs the service until SIGTERM or SIGINT; SIGHUP lets it read its configuration again. */
export async function serve(options: SettingOptions): Promise<void> {
  const service = await startService(configured(options));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.close());
  process.on('SIGHUP', () => void service.reload(() => configured(options)));
  console.log(`listening on ${service.url}`);
}
