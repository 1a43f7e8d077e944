import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { backfillMarks, backfillReport } from './backfill-report.ts';
import { measureBackfill } from './measure-backfill.ts';

/** Options of `bench backfill`. */
export interface BackfillArguments extends CommonArguments {
  events: number;
  liveEvents: number;
  besideRate: number;
  peer?: string;
  timeout: number;
  cpuProf?: string;
}

/** Measures a back-fill. @throws Error if an event is missing or the time limit ends the run */
export async function backfill(given: BackfillArguments): Promise<Measured> {
  const { events, liveEvents, besideRate, peer: peerFolder } = given;
  const options = { events, liveEvents, besideRate, peerFolder };
  const figures = await measureBackfill({
    ...options,
    timeoutMs: given.timeout * 1_000,
    profileFolder: given.cpuProf,
  });
  return {
    ...{ bench: 'backfill', options, figures, marks: backfillMarks(figures), text: backfillReport(figures) },
  };
}
