import { readdir, readFile } from 'node:fs/promises';
import { TICKS_PER_SECOND } from './process-usage.ts';

/**
 * CPU seconds of a process and its children, including children that have exited and were waited for;
 * `undefined` without `/proc`.
 */
export async function familyCpuSeconds(parent: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const ticks = await Promise.all(pids.map(pid => ticksOf(pid, parent)));
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/**
 * The usage of one process. After the name, which may contain spaces, field 2 is the parent and fields 12 to
 * 15 are the times.
 */
async function ticksOf(pid: number, parent: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''); // It may have exited meanwhile.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const times = pid === parent ? fields.slice(11, 15) : fields[1] === parent ? fields.slice(11, 13) : [];
  return times.reduce((sum, each) => sum + each, 0);
}
