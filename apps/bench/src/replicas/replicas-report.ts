import { ratio, report, whole } from '../measure/report.ts';
import type { ReplicasFigures } from './measure-replicas.ts';

export function replicasReport(figures: readonly ReplicasFigures[]): string {
  const [first] = figures;
  const latency = first?.latencyMs ?? 0;
  return report(
    `Replicas draining a backlog in one PostgreSQL${latency > 0 ? `, latency of Mixpanel ${latency} ms` : ''}`,
    figures.map(({ replicas, drainedPerSecond, cpuMicroseconds }) => [
      replicas === 1 ? '1 replica' : `${replicas} replicas`,
      `${whole(drainedPerSecond)} events/s`,
      [
        ratio(drainedPerSecond / first!.drainedPerSecond),
        ...(cpuMicroseconds === undefined ? [] : [`${cpuMicroseconds.toFixed(1)} µs of CPU per event`]),
      ].join(', '),
    ]),
  );
}
