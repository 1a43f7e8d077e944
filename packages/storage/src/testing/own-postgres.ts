import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, execute, type TestDatabase } from './postgres-database.ts';
import { ownPostgresMissing, postgresPrograms, runAs } from './postgres-programs.ts';

const run = promisify(execFile);

/** A PostgreSQL server for tests. Its databases end with it, if they are not dropped before. */
export interface PostgresServer extends AsyncDisposable {
  createDatabase(): Promise<TestDatabase>;
}

/** A server that a test starts, crashes and starts again at the same address. */
export interface OwnPostgresServer extends PostgresServer {
  readonly port: number;
  /** Process id of the postmaster, which leads the process group of the server. */
  readonly pid: number | undefined;
  /** Ends all processes with SIGKILL, as a power cut does; committed data is available after `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /**
   * A hot standby of this server, which a test disposes of separately. With the setting `synchronous_standby_names: '*'`, a commit waits
   * until the standby has it on its disk: write only after this call.
   *
   * @param through port of a proxy to this server
   */
  standby(through?: number): Promise<StandbyPostgresServer>;
}

/** A server that rejects writes until it is promoted. */
export interface StandbyPostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Makes it a primary with all replicated data; resolves when it accepts writes. */
  promote(): Promise<void>;
}

/**
 * Shell script that runs the server and ends it with SIGQUIT once standard input is closed, that is, when this process ends for any reason.
 * Its data is not needed again.
 */
const endsWithParent = 'exec 3<&0; (cat <&3 >&2; kill -QUIT $$) 2>/dev/null & exec "$@" 3<&- </dev/null';

/** Starts a new cluster in a folder of its own, on a free port of 127.0.0.1, with `fsync`. `settings` are lines of `postgresql.conf`. */
export function startOwnPostgres(settings: Record<string, string> = {}): Promise<OwnPostgresServer> {
  const auth = ['-U', 'service', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  return startCluster('initdb', data => ['-D', data, ...auth], settings);
}

/** Starts a server on data that `maker` creates in an empty folder. */
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
    const started = spawn('sh', ['-c', endsWithParent, 'sh', ...program], {
      ...user,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    started.stdin.on('error', () => undefined);
    let errors = '';
    started.stderr.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-2_000);
    });
    child = started;
    await waitUntilReady(address('postgres'), () =>
      started.exitCode === null && started.signalCode === null ? undefined : errors,
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
      // Once promoted, the standby has none of its own to wait for.
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

async function waitUntilReady(url: string, ended: () => string | undefined): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      return await execute(url, 'SELECT 1');
    } catch (cause) {
      const errors = ended();
      if (errors !== undefined) throw new Error(`PostgreSQL ended at its start: ${errors}`, { cause });
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
