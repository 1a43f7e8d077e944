import { readFileSync } from 'node:fs';
import { isMap, readConfigFile, whyUnreadable } from './config-file.ts';
import { didYouMean } from './near-miss.ts';
import { qualified } from './qualified.ts';
import { notes } from './setting-notes.ts';
import { connectionShape, serviceShape } from './settings.ts';

/** Where settings are read from. */
export interface Sources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of a file; throws when it cannot be read. The file system when not given. */
  readonly readFile?: (path: string) => string;
}

export interface Fault {
  /** The setting's name, as `MIXPANEL_TOKEN` or `connections.brand-a.mixpanel_token`. */
  readonly setting: string;
  /** What is wrong and what is expected; never a secret. */
  readonly message: string;
}

export interface Gathered {
  /** Values by setting, input of the schema. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  /** Likely misspelt variables, which have no effect. */
  readonly warnings: readonly Fault[];
  /** The YAML file could not be read: settings missing here may be in it. */
  readonly fileMissing: boolean;
  /** Secrets whose file could not be read; their values are placeholders. */
  readonly unreadable: ReadonlySet<string>;
}

type Shape = typeof serviceShape & typeof connectionShape;
const shape: Shape = { ...serviceShape, ...connectionShape };
const names = Object.keys(shape) as (keyof Shape)[];
const isSecret = (name: keyof Shape) => notes.get(shape[name])?.secret === true;
/** All valid names, in the environment and the file: the settings, and `…_FILE` of each secret. */
const spellings = new Map<string, { name: keyof Shape; fromFile: boolean }>(
  names.flatMap(name => [
    [name, { name, fromFile: false }] as const,
    ...(isSecret(name) ? [[`${name}_FILE`, { name, fromFile: true }] as const] : []),
  ]),
);

/**
 * Merges the environment and the YAML file. The top level of the file has the same settings as the
 * environment; the environment wins, setting by setting, and both describe the connection `default`.
 * `connections` has further ones by name. An empty value counts as not set.
 */
export function gather({ environment, readFile = path => readFileSync(path, 'utf8') }: Sources): Gathered {
  const faults: Fault[] = [];
  const unreadable = new Set<string>();
  let fileMissing = false;
  const service = new Map<string, unknown>();
  const connections = new Map<string, Map<string, unknown>>();

  const fromEnvironment = new Map<keyof Shape, unknown>();
  takeAll(
    Object.entries(environment).filter(([key]) => spellings.has(key)),
    'default',
    fromEnvironment,
  );

  const fromFile = new Map<keyof Shape, unknown>();
  const isConnections = ([key]: [string, unknown]) => key.toLowerCase() === 'connections';
  const document = Object.entries(configFile());
  for (const [, written] of document.filter(isConnections)) takeConnections(written);
  takeAll(
    document.filter(pair => !isConnections(pair)),
    'default',
    fromFile,
  );

  for (const [name, written] of new Map([...fromFile, ...fromEnvironment])) put('default', name, written);
  const settings = { ...Object.fromEntries(service), connections: plain(connections) };
  return { settings, faults, warnings: misspelt(environment), fileMissing, unreadable };

  function configFile(): Record<string, unknown> {
    const path = environment.CONFIG_FILE;
    if (path === undefined || path.trim() === '') return {};
    const read = readConfigFile(path, readFile);
    if ('document' in read) return read.document;
    fileMissing = true;
    faults.push({ setting: 'CONFIG_FILE', message: read.fault });
    return {};
  }

  function takeConnections(written: unknown): void {
    if (!isMap(written)) {
      faults.push({ setting: 'connections', message: 'is not a map; expected connections by name.' });
      return;
    }
    for (const [connection, map] of Object.entries(written)) {
      if (!connectionName.test(connection)) {
        faults.push({
          setting: `connections.${connection}`,
          message:
            'is not a valid name for /currents/<name>; expected 1 to 63 letters, digits, dots, hyphens or underscores, starting with a letter or digit.',
        });
        continue;
      }
      if (!isMap(map)) {
        faults.push({
          setting: `connections.${connection}`,
          message: 'is not a map; expected settings by name.',
        });
        continue;
      }
      connectionOf(connection);
      const found = new Map<keyof Shape, unknown>();
      takeAll(Object.entries(map), connection, found);
      for (const [name, value] of found) put(connection, name, value);
    }
  }

  /** Reads pairs of spelling and value into `found`, following `…_FILE`. */
  function takeAll(pairs: [string, unknown][], connection: string, found: Map<keyof Shape, unknown>): void {
    const writtenAs = new Map<keyof Shape, string>();
    for (const [key, written] of pairs) {
      const spelling = spellings.get(key.toUpperCase());
      if (spelling === undefined) {
        const known = [...spellings.keys()].map(each => each.toLowerCase());
        faults.push({
          setting: connection === 'default' ? key : `connections.${connection}.${key}`,
          message: `is not a setting; expected a name from docs/configuration.md.${didYouMean(key, known)}`,
        });
        continue;
      }
      const value = asText(written);
      if (value === undefined) continue;
      const { name } = spelling;
      const setting = qualified(connection, name);
      const before = writtenAs.get(name);
      if (before !== undefined) {
        faults.push({
          setting,
          message: `is set twice, as ${before} and as ${key}; expected one of them.`,
        });
        continue;
      }
      writtenAs.set(name, key);
      found.set(
        name,
        spelling.fromFile ? readSecret(setting, qualified(connection, key.toUpperCase()), value) : value,
      );
    }
  }

  function readSecret(secret: string, setting: string, path: unknown): unknown {
    try {
      const value = readFile(String(path)).trim();
      if (value !== '') return value;
      faults.push({
        setting,
        message: `names ${path}, which is empty; expected a file that contains the secret.`,
      });
    } catch (error) {
      faults.push({
        setting,
        message: `names ${path}, a file that could not be read: ${whyUnreadable(error)}; expected a readable file.`,
      });
    }
    unreadable.add(secret);
    return 'unreadable';
  }

  function put(connection: string, name: keyof Shape, value: unknown): void {
    if (!Object.hasOwn(connectionShape, name)) {
      if (connection === 'default') service.set(name, value);
      else
        faults.push({
          setting: qualified(connection, name),
          message:
            'is a setting of the service, not of a connection; expected it at the top level of the file.',
        });
      return;
    }
    connectionOf(connection).set(name, value);
  }

  function connectionOf(name: string): Map<string, unknown> {
    const connection = connections.get(name) ?? new Map<string, unknown>();
    connections.set(name, connection);
    return connection;
  }
}

const ours = /^(MIXPANEL_|BRAZE_|CURRENTS_|COHORT|DELIVERY_|BACKLOG_)/;
/** From this length, a name at a distance of two is a misspelling and no variable of another program. */
const ownLength = 10;

/** Likely misspelt variables: unknown and close to a setting, closer without a prefix of the service. */
function misspelt(environment: Sources['environment']): Fault[] {
  return Object.keys(environment).flatMap(key => {
    if (spellings.has(key) || !(ours.test(key) || key.length >= ownLength)) return [];
    const suggestion = didYouMean(key, spellings.keys(), ours.test(key) ? undefined : 2);
    return suggestion === ''
      ? []
      : [{ setting: key, message: `is not a setting and has no effect.${suggestion}` }];
  });
}

const plain = (connections: Map<string, Map<string, unknown>>) =>
  Object.fromEntries([...connections].map(([name, values]) => [name, Object.fromEntries(values)]));

const connectionName = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** Scalars as text, lists of scalars as comma-separated text, blanks as not set. */
function asText(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value) && value.every(each => !Array.isArray(each) && !isMap(each)))
    return asText(value.join(','));
  if (typeof value === 'object') return value;
  const text = String(value).trim();
  return text === '' ? undefined : text;
}
