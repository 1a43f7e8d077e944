import { count, counted, duration, inWords } from '../parts/format.ts';
import type { Tone } from '../parts/tone.ts';

export interface Fault {
  readonly id: string;
  readonly route: string;
  readonly kind: string;
  readonly seen: number;
  readonly struck: number;
  readonly skip: number;
  readonly times?: number;
  readonly for?: number;
  readonly until?: string;
  /** ID of the fault that applies to each request in its place. */
  readonly shadowedBy?: string;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly share?: number;
  readonly after?: string;
  readonly probability: number;
  readonly seed?: string | number;
}

/** What a fault does, such as `Status 503` or `Latency, 2 s`. */
export function kindOf({ kind, status, share, after, ...fault }: Fault): string {
  const name = status === undefined ? inWords(kind.replaceAll('-', ' ')) : `Status ${status}`;
  return [
    name,
    ...(fault.milliseconds === undefined ? [] : [duration(fault.milliseconds)]),
    ...(share === undefined ? [] : [`${Math.round(100 * share)} % of the records`]),
    ...(after === undefined ? [] : [`after the ${after}`]),
  ].join(', ');
}

/** How often a fault applies, such as `30 % of the requests, 2 times`. */
export function oftenOf({ probability, times, skip, seed, ...fault }: Fault): string {
  return [
    probability < 1 ? `${Math.round(100 * probability)} % of the requests` : 'each request',
    ...(skip > 0 ? [`after the first ${count(skip)}`] : []),
    ...(times === undefined ? [] : [`${count(times)} ${times === 1 ? 'time' : 'times'}`]),
    ...(fault.for === undefined ? [] : [`for ${duration(fault.for)}`]),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
  ].join(', ');
}

/** After how many hits a fault ends, such as `after 9 more requests`; `undefined` where their number has no limit. */
export function endAfter({ times, struck, probability, skip }: Fault): string | undefined {
  if (times === undefined) return undefined;
  if (struck >= times) return `after ${counted(times, 'hit')}`;
  // Not each request is a hit: the others do not bring the end nearer.
  const noun = probability < 1 || skip > 0 ? 'hit' : 'request';
  return `after ${counted(times - struck, `more ${noun}`)}`;
}

/** Whether a fault still applies. */
export function stateOf(fault: Fault, now: number): { readonly tone: Tone; readonly text: string } {
  if (fault.until !== undefined && Date.parse(fault.until) <= now) return { tone: 'plain', text: 'Ended' };
  if (fault.times !== undefined && fault.struck >= fault.times) return { tone: 'plain', text: 'Used up' };
  if (fault.shadowedBy !== undefined) return { tone: 'busy', text: `Waits for ${fault.shadowedBy}` };
  return { tone: 'bad', text: 'Active' };
}

/** What an added fault does from now on. */
export const addedText = ({ id, shadowedBy }: Fault): string =>
  shadowedBy === undefined
    ? `${id} applies from the next request.`
    : `${id} is added, but ${shadowedBy} applies to every request in its place. Remove ${shadowedBy}, or wait until it ends.`;
