import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which run of the suites something belongs to: host, process and the moment the process began, since numbers of processes come again.
 * A container has a host name of its own, so runs in two containers on one engine are told apart as well.
 */
export function ownRun(): string {
  return [hostname(), process.pid, beginning(process.pid) ?? 'unknown'].join('/');
}

/** `undefined` where that can't be told from here: it is a run on another host, or on a system without /proc. */
export function isOver(run: string): boolean | undefined {
  const [host, pid, began] = run.split('/');
  if (host !== hostname() || began === 'unknown') return undefined;
  return beginning(Number(pid)) !== began;
}

/** In clock ticks since the machine's start: the 22nd field, counted behind the name, which may hold spaces (proc(5)). */
function beginning(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
