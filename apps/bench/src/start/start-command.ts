import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { measureStart } from './measure-start.ts';
import { startMarks, startReport } from './start-report.ts';

/** Options of `bench start`. */
export interface StartArguments extends CommonArguments {
  rounds: number;
  idle: number;
  timeout: number;
}

/** Measures starts, and servers at rest. @throws Error if one does not start */
export async function start({ rounds, idle, timeout }: StartArguments): Promise<Measured> {
  const figures = await measureStart({ rounds, idleSeconds: idle, timeoutMs: timeout * 1_000 });
  return {
    ...{ bench: 'start', options: { rounds, idle }, figures },
    ...{ marks: startMarks(figures), text: startReport(figures) },
  };
}
