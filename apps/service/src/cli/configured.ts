import { type Config, readConfig } from '../config/config.ts';

/** Options of the command line that stand for settings; they win over the environment and the file. */
export interface SettingOptions {
  readonly port?: string;
  readonly host?: string;
}

/** The configuration of this process, from its environment, the file it names, and the command line. @throws ConfigRefused */
export function configured({ port, host }: SettingOptions = {}): Config {
  const environment = {
    ...process.env,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  };
  return readConfig({ environment });
}
