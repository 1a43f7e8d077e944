import { readFile } from 'node:fs/promises';

/** What another process has used so far. */
export interface ProcessUsage {
  /** Peak resident memory. */
  peakBytes: number;
  cpuSeconds: number;
}

/** Linux counts CPU time for user programs in hundredths of a second, on every architecture (`man 5 proc`, `sysconf(_SC_CLK_TCK)`). */
export const TICKS_PER_SECOND = 100;

/** Reads `/proc`; elsewhere than on Linux there is nothing to read and the answer is `undefined`. */
export async function processUsage(pid: number): Promise<ProcessUsage | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const peakKib = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]);
  // The second field is the program's name in brackets, which may hold spaces; counting starts behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return { peakBytes: peakKib * 1024, cpuSeconds: (user + system) / TICKS_PER_SECOND };
}
