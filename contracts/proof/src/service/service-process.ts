import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const bundler = fileURLToPath(new URL('../../../../scripts/service-bundle.mjs', import.meta.url));
/** The bundle of the current sources. */
const bundle = (await promisify(execFile)(process.execPath, [bundler])).stdout.trim();

/**
 * The real service: the bundle that users run in its image. It can be killed at any moment, including before it
 * listens.
 */
export class ServiceProcess implements AsyncDisposable {
  /** The address; rejects if the process ends before it listens. */
  readonly url: Promise<string>;
  /** The end of its standard error. */
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /**
   * @param heapMB limit of the old generation of each thread, for `--max-old-space-size`
   * @param preload module that each thread loads before its own
   */
  constructor(environment: Record<string, string>, heapMB?: number, preload?: URL) {
    const heap = heapMB === undefined ? [] : [`--max-old-space-size=${heapMB}`];
    const imports = preload === undefined ? [] : ['--import', preload.href];
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    this.#child = spawn(
      process.execPath,
      [...heap, ...imports, '--disable-warning=ExperimentalWarning', bundle],
      {
        env: { PATH, NODE_COMPILE_CACHE, LOG_LEVEL: 'error', HOST: '127.0.0.1', PORT: '0', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#ended = once(this.#child, 'close');
    this.#child.stderr!.on('data', chunk => {
      this.stderr = (this.stderr + String(chunk)).slice(-20_000);
    });
    const lines = createInterface({ input: this.#child.stdout! });
    const address = (async () => {
      for await (const line of lines) {
        const url = /^listening on (http\S+)/.exec(line)?.[1];
        if (url !== undefined) return url;
      }
      throw new Error(`The service ended before it listened: ${this.stderr}`);
    })();
    address.catch(() => undefined);
    this.url = address;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends SIGKILL, like the kernel when out of memory: nothing is completed or released. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends SIGTERM. Resolves to the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Resolves when it ends, for any reason. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** Current resident memory in bytes; `undefined` if the platform does not report it. */
  residentBytes(): Promise<number | undefined> {
    return this.#memory('VmRSS');
  }

  /** Peak resident memory in bytes; `undefined` if the platform does not report it. */
  peakBytes(): Promise<number | undefined> {
    return this.#memory('VmHWM');
  }

  async #memory(line: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
    if (process.platform !== 'linux') return undefined;
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(new RegExp(`^${line}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.alive) await this.kill();
  }
}
