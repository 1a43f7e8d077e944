import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const source = fileURLToPath(new URL('../main.ts', import.meta.url));
const bundler = fileURLToPath(new URL('../../../../scripts/service-bundle.mjs', import.meta.url));
/** The bundle of the current sources. */
const bundle = (await promisify(execFile)(process.execPath, [bundler])).stdout.trim();

/** The service in a process of its own, started from its command: the bundle that users run in its image. */
export class ServiceProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly stdout: string[] = [];
  stderr = '';

  /** `stderr` without the line breaks that fit it into 80 columns. */
  get sentences(): string {
    const lines = this.stderr.split('\n');
    return lines
      .reduce<string[]>((joined, line, index) => {
        const before = lines[index - 1] ?? '';
        const [indent = '', word = ''] = [/^ */.exec(line)?.[0], line.trim().split(' ')[0]];
        const isBroken = word !== '' && before.length + 1 + word.length > 80 && !/^ *- /.test(line);
        if (isBroken && !indent.startsWith('    ')) joined[joined.length - 1] += ` ${line.trim()}`;
        else joined.push(line);
        return joined;
      }, [])
      .join('\n');
  }

  private constructor(
    environment: Record<string, string>,
    args: readonly string[],
    command: readonly string[] = [bundle],
  ) {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command, ...args], {
      env: { PATH, NODE_COMPILE_CACHE, LOG_LEVEL: 'error', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: this.child.stdout! }).on('line', line => this.stdout.push(line));
    this.child.stderr!.on('data', chunk => {
      this.stderr += String(chunk);
    });
  }

  /** Runs the command to its end. */
  static async run(environment: Record<string, string>, ...args: string[]): Promise<ServiceProcess> {
    const started = new ServiceProcess(environment, args);
    await once(started.child, 'close');
    return started;
  }

  /** Starts the service and waits for its address. */
  static serve(
    environment: Record<string, string>,
    ...args: string[]
  ): Promise<{ process: ServiceProcess; url: string }> {
    return ServiceProcess.#listening(new ServiceProcess(environment, args));
  }

  /**
   * As `serve`, from the sources and under `node --watch`. End it by SIGTERM: the watcher passes that on, a SIGKILL it
   * could not.
   */
  static watched(environment: Record<string, string>): Promise<{ process: ServiceProcess; url: string }> {
    const command = ['--watch', '--conditions=source', source];
    return ServiceProcess.#listening(new ServiceProcess(environment, [], command));
  }

  static async #listening(started: ServiceProcess): Promise<{ process: ServiceProcess; url: string }> {
    const lines = createInterface({ input: started.child.stdout! });
    const ended = once(started.child, 'close').then(() => {
      throw new Error(`The service ended before it listened:\n${started.stderr}`);
    });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    ended.catch(() => undefined);
    return { process: started, url: line.replace('listening on ', '') };
  }

  /**
   * Sends a signal and waits for the end; resolves to the exit code, or `null` when the signal itself ended
   * it.
   */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}
