import { readFile } from 'node:fs/promises';

/** The resource usage of another process so far. */
export interface ProcessUsage {
  /** Peak resident memory, in bytes. */
  peakBytes: number;
  cpuSeconds: number;
}

/**
 * Linux counts CPU time for user programs in hundredths of a second, on every architecture (`man 5 proc`,
 * `sysconf(_SC_CLK_TCK)`).
 */
export const TICKS_PER_SECOND = 100;

/** The usage from `/proc`; `undefined` on platforms other than Linux. */
export async function processUsage(
  pid: number,
): Promise<(ProcessUsage & { /** Resident memory now, in bytes. */ residentBytes: number }) | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const bytesOf = (line: RegExp) => Number(line.exec(status)?.[1]) * 1024;
  // Field 2 is the program's name in brackets, which may contain spaces; counting starts after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return {
    peakBytes: bytesOf(/^VmHWM:\s*(\d+) kB$/m),
    residentBytes: bytesOf(/^VmRSS:\s*(\d+) kB$/m),
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
  };
}
