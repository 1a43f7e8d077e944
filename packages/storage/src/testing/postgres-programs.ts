import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The URL of a server for tests that is given in the environment. */
export const givenUrl = (): string | undefined => process.env.TEST_POSTGRES_URL || undefined;

/** The reason why tests have no PostgreSQL on this machine, in a sentence; `undefined` if they have one. */
export function postgresMissing(): string | undefined {
  return givenUrl() === undefined ? ownPostgresMissing() : undefined;
}

/** As `postgresMissing`, for tests that stop and start the server. */
export function ownPostgresMissing(): string | undefined {
  if (postgresPrograms() !== undefined) return undefined;
  return 'no PostgreSQL program was found; install one (Debian: apt-get install postgresql), or set POSTGRES_BIN to the folder of initdb, pg_basebackup and postgres';
}

/** The folder with all programs: `POSTGRES_BIN`, one of the PATH, or one of a distribution, newest first. */
export function postgresPrograms(): string | undefined {
  const versions = ['18', '17', '16', '15', '14'];
  const folders = [
    ...(process.env.POSTGRES_BIN === undefined ? [] : [process.env.POSTGRES_BIN]),
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/bin',
    ...versions.map(version => `/usr/lib/postgresql/${version}/bin`),
    ...versions.map(version => `/opt/homebrew/opt/postgresql@${version}/bin`),
  ];
  return folders.find(folder =>
    ['initdb', 'pg_basebackup', 'postgres'].every(program => isProgram(join(folder, program))),
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL does not run as root: root starts it as the user `postgres`, or as `nobody`. */
export function runAs(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
