import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processUsage } from '../measure/process-usage.ts';
import { quantile } from '../measure/quantile.ts';
import { inherited, type ServerProcess, startServer } from '../measure/server-process.ts';
import { prepareSubjects, repository, type Subject } from './subjects.ts';

export interface StartOptions {
  /** Starts of each subject that count; one more before them fills Node's compile cache. */
  rounds: number;
  /** Seconds at rest over which the CPU time is counted. */
  idleSeconds: number;
  timeoutMs: number;
}

export interface StartFigure {
  name: string;
  markMs: number;
  /** Median of the milliseconds from the start of the process until it is ready. */
  readyMs: number;
  /** Median CPU seconds until it is ready, threads included; absent if the platform does not report it. */
  cpuSeconds: number | undefined;
}

export interface IdleFigure {
  name: string;
  hasMarks: boolean;
  /** Resident memory at the end. */
  residentBytes: number;
  /** Share of one core, 0 to 1. */
  core: number;
}

export interface StartFigures {
  /** Start and end of a process without modules, by which to judge the machine. */
  empty: { ms: number; cpuSeconds: number | undefined };
  starts: StartFigure[];
  idle: IdleFigure[];
  /** `npm start -- --once`, with npm itself. */
  once: { seconds: number };
}

const settleMs = 3_000;

interface Sample {
  readyMs: number;
  cpuSeconds: number | undefined;
}

/** The start benchmark: servers one after the other, in turns, so that each meets the same load of the machine. */
export async function measureStart({ rounds, idleSeconds, timeoutMs }: StartOptions): Promise<StartFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  const subjects = await prepareSubjects();
  const samples = subjects.map((): Sample[] => []);
  const empty: Sample[] = [];
  const onces: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    signal.throwIfAborted();
    const bare = await emptyProcess();
    if (round > 0) empty.push(bare);
    for (const [index, subject] of subjects.entries()) {
      const sample = await withServer(subject, async ({ pid, startMs }) => ({
        readyMs: startMs,
        cpuSeconds: (await processUsage(pid))?.cpuSeconds,
      }));
      if (round > 0) samples[index]!.push(sample);
    }
    const seconds = await playOnce(signal);
    if (round > 0) onces.push(seconds);
  }
  const idle: IdleFigure[] = [];
  for (const subject of subjects) {
    const figure = await measureIdle(subject, idleSeconds, signal);
    if (figure !== undefined) idle.push(figure);
  }
  return {
    empty: { ms: medianOf(empty, 'readyMs')!, cpuSeconds: medianOf(empty, 'cpuSeconds') },
    starts: subjects.map(({ name, readyMs: markMs }, index) => ({
      ...{ name, markMs },
      readyMs: medianOf(samples[index]!, 'readyMs')!,
      cpuSeconds: medianOf(samples[index]!, 'cpuSeconds'),
    })),
    idle,
    once: { seconds: median(onces) },
  };
}

const median = (values: readonly number[]) =>
  quantile(
    values.toSorted((one, other) => one - other),
    0.5,
  );

function medianOf(samples: readonly Sample[], figure: keyof Sample): number | undefined {
  const values = samples.flatMap(sample => sample[figure] ?? []);
  return values.length === 0 ? undefined : median(values);
}

async function emptyProcess(): Promise<Sample> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--eval', 'console.log(JSON.stringify(process.cpuUsage()))'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = (await child.stdout.setEncoding('utf8').toArray()).join('');
  const readyMs = performance.now() - begun;
  const { user, system } = JSON.parse(output) as NodeJS.CpuUsage;
  return { readyMs, cpuSeconds: (user + system) / 1e6 };
}

async function withServer<T>(
  { args, readyPath }: Subject,
  use: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
  try {
    await using server = await startServer(args, {
      ...{ cwd: repository, readyPath },
      environment: {
        CURRENTS_TOKEN: 'a-token-of-the-benchmark',
        MIXPANEL_TOKEN: 'a'.repeat(32),
        STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      },
    });
    return await use(server);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function measureIdle(
  subject: Subject,
  seconds: number,
  signal: AbortSignal,
): Promise<IdleFigure | undefined> {
  return withServer(subject, async ({ pid }) => {
    await pause(settleMs, undefined, { signal });
    const before = await processUsage(pid);
    await pause(seconds * 1_000, undefined, { signal });
    const after = await processUsage(pid);
    if (before === undefined || after === undefined) return undefined;
    const core = (after.cpuSeconds - before.cpuSeconds) / seconds;
    return { name: subject.name, hasMarks: subject.hasIdleMarks, residentBytes: after.residentBytes, core };
  });
}

/** Seconds of `npm start -- --once`. */
async function playOnce(signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--once'], {
    ...{ cwd: repository, env: inherited(), signal, stdio: ['ignore', 'ignore', 'inherit'] },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`npm start -- --once ended with ${code}`);
  return (performance.now() - begun) / 1_000;
}
