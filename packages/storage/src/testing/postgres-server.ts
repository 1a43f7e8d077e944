import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** A PostgreSQL for tests. Databases are empty, of their own each, and gone with the server or by `drop`. */
export interface PostgresServer extends AsyncDisposable {
  createDatabase(): Promise<TestDatabase>;
}

export interface TestDatabase {
  /** As `STORAGE_URL` takes it. */
  readonly url: string;
  drop(): Promise<void>;
}

/** A server of our own, which can die and come back under the same address. */
export interface OwnPostgresServer extends PostgresServer {
  readonly port: number;
  /** Of its first process, which leads the group of all. */
  readonly pid: number | undefined;
  /** Ends it at once, as a power cut would (`kill -9` of all its processes); what was committed is there after `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /**
   * A copy that follows this server, and is ended apart from it. With `synchronous_standby_names: '*'` among the settings of this one, a
   * commit waits until the copy has it on its disk; so the first write has to come after.
   *
   * @param through port of a wire to this server
   */
  standby(through?: number): Promise<StandbyPostgresServer>;
}

/** Answers what reads, and refuses what writes, until it is promoted. */
export interface StandbyPostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Makes it a primary, with all that reached it; resolves when it takes writes. */
  promote(): Promise<void>;
}

/**
 * The server that tests share: the one of `TEST_POSTGRES_URL` (a role that may create databases), else one of its own.
 *
 * @throws Error with a sentence when there is neither an address nor a program
 */
export async function startPostgres(): Promise<PostgresServer> {
  const given = givenUrl();
  if (given === undefined) return startOwnPostgres();
  const made: TestDatabase[] = [];
  return {
    async createDatabase() {
      const database = await createDatabase(given);
      made.push(database);
      return database;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(made.map(database => database.drop()));
    },
  };
}

const givenUrl = () => process.env.TEST_POSTGRES_URL || undefined;

/** Why tests cannot have a PostgreSQL here, in a sentence; `undefined` when they can. */
export function postgresMissing(): string | undefined {
  return givenUrl() === undefined ? ownPostgresMissing() : undefined;
}

/** As `postgresMissing`, for tests that stop and start the server. */
export function ownPostgresMissing(): string | undefined {
  if (postgresPrograms() !== undefined) return undefined;
  return 'no PostgreSQL program was found; install one (Debian: apt-get install postgresql), or set POSTGRES_BIN to the folder of initdb, pg_basebackup and postgres';
}

/**
 * Starts the server beside a watch on its standard input, which ends when we do, however that is: then the server is told to end at once
 * (SIGQUIT). Nothing of its data is needed again.
 */
const endingWithUs = 'exec 3<&0; (cat <&3 >&2; kill -QUIT $$) 2>/dev/null & exec "$@" 3<&- </dev/null';

/** A new cluster in a folder of its own, on a free port of 127.0.0.1; `fsync` is on. `settings` are lines of `postgresql.conf`. */
export function startOwnPostgres(settings: Record<string, string> = {}): Promise<OwnPostgresServer> {
  const auth = ['-U', 'service', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  return startCluster('initdb', data => ['-D', data, ...auth], settings);
}

/** A server on the data that the program makes in an empty folder, on a free port. */
async function startCluster(
  maker: 'initdb' | 'pg_basebackup',
  args: (data: string) => readonly string[],
  settings: Record<string, string>,
): Promise<OwnPostgresServer> {
  const bin = postgresPrograms();
  if (bin === undefined) throw new Error(`PostgreSQL cannot be started: ${ownPostgresMissing()}.`);
  const user = runAs();
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(join(bin, maker), args(data), { ...user, cwd: folder });

  const port = await freePort();
  const address = (database: string) => `postgres://service:not-a-secret@127.0.0.1:${port}/${database}`;
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    log_min_messages: 'fatal',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess | undefined;

  const start = async () => {
    const program = [join(bin, 'postgres'), '-D', data, ...flags];
    const started = spawn('sh', ['-c', endingWithUs, 'sh', ...program], {
      ...user,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    started.stdin.on('error', () => undefined);
    let said = '';
    started.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-2_000);
    });
    child = started;
    await answers(address('postgres'), () =>
      started.exitCode === null && started.signalCode === null ? undefined : said,
    );
  };
  const end = async (kill: (pid: number) => void) => {
    const ending = child;
    child = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    // All processes of the server hold its standard error, so this waits for the last of them.
    const closed = once(ending, 'close');
    kill(ending.pid);
    ending.stdin?.end();
    await closed;
  };
  await start();
  return {
    port,
    get pid() {
      return child?.pid;
    },
    start,
    crash: () => end(pid => process.kill(pid, 'SIGKILL')),
    createDatabase: () => createDatabase(address('postgres')),
    async standby(through = port) {
      const primary = `host=127.0.0.1 port=${through} user=service`;
      // What commits wait for is a matter of the primary: once promoted, the copy has no standby of its own.
      const { synchronous_standby_names: _, ...own } = settings;
      const copy = (to: string) => ['-D', to, '-d', primary, '-R', '-c', 'fast', '--no-sync'];
      const standby = await startCluster('pg_basebackup', copy, own);
      return {
        port: standby.port,
        async promote() {
          const url = `postgres://service:not-a-secret@127.0.0.1:${standby.port}/postgres`;
          await execute(url, 'SELECT pg_promote()');
        },
        [Symbol.asyncDispose]: () => standby[Symbol.asyncDispose](),
      };
    },
    async [Symbol.asyncDispose]() {
      await end(pid => process.kill(pid, 'SIGQUIT'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(server: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function answers(url: string, ended: () => string | undefined): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      return await execute(url, 'SELECT 1');
    } catch (cause) {
      const lastWords = ended();
      if (lastWords !== undefined) throw new Error(`PostgreSQL ended at its start: ${lastWords}`, { cause });
      if (performance.now() > deadline) throw new Error('PostgreSQL did not answer within 30 s.', { cause });
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The folder that has all programs: `POSTGRES_BIN`, the PATH, or where distributions put them, newest first. */
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

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
function runAs(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
