import type { Config } from './config.ts';

/** The configuration for display: secrets and the password in STORAGE_URL are replaced by `[secret]`. */
export function printable(config: Config): Config {
  return { ...config, storageUrl: config.storageUrl.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:[secret]@') };
}
