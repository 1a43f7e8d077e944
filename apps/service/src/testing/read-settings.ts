import { ConfigRefused } from '../config/config-refused.ts';
import { faultText } from '../config/fault-text.ts';
import { readConfig } from '../config/read-config.ts';

export type Environment = Record<string, string | undefined>;

const files = (contents: Record<string, string>) => (path: string) => {
  const text = contents[path];
  if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  return text;
};
/** Reads a configuration of these variables and files. */
export const readSettings = (environment: Environment, contents: Record<string, string> = {}) =>
  readConfig({ environment, readFile: files(contents) });
/** The least that a configuration needs. */
export const withToken = { CURRENTS_TOKEN: 'currents-token', MIXPANEL_TOKEN: 'project-token' };

/** The warnings of a valid configuration, one text each. */
export const warningsOf = (environment: Environment) => readSettings(environment).warnings.map(faultText);

/** The error for an invalid configuration. */
export function refusal(environment: Environment, contents: Record<string, string> = {}): ConfigRefused {
  try {
    readSettings(environment, contents);
  } catch (error) {
    if (error instanceof ConfigRefused) return error;
    throw error;
  }
  throw new Error('The configuration was not refused.');
}
/** Its faults, one text each. */
export const faultsOf = (environment: Environment, contents?: Record<string, string>) =>
  refusal(environment, contents).faults.map(faultText);
