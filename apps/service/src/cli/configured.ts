import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';

/** Options of the command line that override settings of the environment and the file. */
export interface SettingOptions {
  readonly port?: string;
  readonly host?: string;
}

/** The configuration from the command line, the environment and the file. @throws ConfigRefused */
export function configured({ port, host }: SettingOptions = {}): Config {
  const environment = {
    ...process.env,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  };
  return readConfig({ environment });
}
