import type { Config } from './config.ts';

/** The configuration for people to read: secrets stand as `[secret]`, and so does a password in STORAGE_URL. */
export function printable(config: Config): Config {
  return { ...config, storageUrl: config.storageUrl.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:[secret]@') };
}
