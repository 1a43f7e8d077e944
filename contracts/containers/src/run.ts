import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * The ID of a run of the suites: host, process and start time of the process, since process numbers are
 * reused. Runs in two containers on one engine differ by host name, since each container has its own.
 */
export function ownRun(): string {
  return [hostname(), process.pid, beginning(process.pid) ?? 'unknown'].join('/');
}

/**
 * Whether the run has ended; `undefined` if it can't be determined: a run on another host, or a system
 * without /proc.
 */
export function isOver(run: string): boolean | undefined {
  const [host, pid, began] = run.split('/');
  if (host !== hostname() || began === 'unknown') return undefined;
  return beginning(Number(pid)) !== began;
}

/**
 * The start time of a process in clock ticks since the machine's start: field 22, counted after the name,
 * which may contain spaces (proc(5)).
 */
function beginning(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
