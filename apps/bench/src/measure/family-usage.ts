import { readdir, readFile } from 'node:fs/promises';
import { TICKS_PER_SECOND } from './process-usage.ts';

/** CPU seconds of a process and its children, those that ended and were waited for included; `undefined` where there is no `/proc`. */
export async function familyCpuSeconds(parent: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const ticks = await Promise.all(pids.map(pid => ticksOf(pid, parent)));
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Of a member of the family; behind the name, which may hold spaces, the second field is the parent, the 12th to 15th are the times. */
async function ticksOf(pid: number, parent: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''); // It may have ended in between.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const times = pid === parent ? fields.slice(11, 15) : fields[1] === parent ? fields.slice(11, 13) : [];
  return times.reduce((sum, each) => sum + each, 0);
}
