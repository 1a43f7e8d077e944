import type { Config } from '../config/config.ts';
import { gather } from '../config/gather.ts';
import { hostFault } from '../config/host-fault.ts';
import { type ReadOptions, readConfig } from '../config/read-config.ts';

/** Options of the command line that override settings of the environment and the file. */
export interface SettingOptions {
  readonly port?: string;
  readonly host?: string;
}

/** The configuration from the command line, the environment and the file. @throws ConfigRefused */
export function reread({ port, host }: SettingOptions = {}, options: ReadOptions = {}): Config {
  return readConfig({ environment: environmentWith({ port, host }) }, options);
}

/**
 * As `reread`, with HOST resolved too.
 *
 * @param consequence what does not happen if the configuration is refused, as a sentence; may be empty
 * @throws ConfigRefused
 */
export async function configured(consequence: string, options: SettingOptions = {}): Promise<Config> {
  const { settings } = gather({ environment: environmentWith(options) });
  const fault = await hostFault(settings.HOST);
  return reread(options, { consequence, known: fault === undefined ? [] : [fault] });
}

const environmentWith = ({ port, host }: SettingOptions) => ({
  ...process.env,
  ...(port !== undefined && { PORT: port }),
  ...(host !== undefined && { HOST: host }),
});
