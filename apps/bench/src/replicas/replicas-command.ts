import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { measureReplicas } from './measure-replicas.ts';
import { replicasReport } from './replicas-report.ts';

/** Options of `bench replicas`. */
export interface ReplicasArguments extends CommonArguments {
  events: number;
  replicas: number;
  latency?: number;
  timeout: number;
}

/** Measures a backlog drained by one replica, by two, and so on. @throws Error if an event is missing or sent twice */
export async function replicas(given: ReplicasArguments): Promise<Measured> {
  const options = { events: given.events, most: given.replicas, latencyMs: given.latency ?? 0 };
  const figures = await measureReplicas({ ...options, timeoutMs: given.timeout * 1_000 });
  return {
    ...{ bench: 'replicas', options, figures: { runs: figures }, marks: [], text: replicasReport(figures) },
  };
}
