import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.resolve('@braze-mixpanel/service')));

/** The real service, as `npm run service` starts it, which may be killed at any moment, before it listens too. */
export class ServiceProcess implements AsyncDisposable {
  /** Where it listens; rejects when it ends before. */
  readonly url: Promise<string>;
  /** What it wrote to standard error; the end of it where that is long. */
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** @param heapMB bound of the old generation, as `--max-old-space-size` takes it */
  constructor(environment: Record<string, string>, heapMB?: number) {
    const heap = heapMB === undefined ? [] : [`--max-old-space-size=${heapMB}`];
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    this.#child = spawn(
      process.execPath,
      [...heap, '--conditions=source', '--disable-warning=ExperimentalWarning', main],
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

  /** Ends it at once, as the kernel would for want of memory: nothing is finished, nothing given back. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end. Resolves to its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Resolves when it ends, by itself or otherwise. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** Resident memory now, bytes; `undefined` where the platform does not tell. */
  residentBytes(): Promise<number | undefined> {
    return this.#memory('VmRSS');
  }

  /** The most that resident memory ever was, bytes; `undefined` where the platform does not tell. */
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
