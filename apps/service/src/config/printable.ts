import type { Config } from './config.ts';
import { faultText } from './fault-text.ts';

/** The configuration for display: secrets and the password in STORAGE_URL are replaced by `[secret]`. */
export function printable({ storageUrl, warnings, ...config }: Config) {
  return {
    ...config,
    warnings: warnings.map(faultText),
    storageUrl: storageUrl.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:[secret]@'),
  };
}
