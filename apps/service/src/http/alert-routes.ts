import type { MetricHistory, Reconciliations, StandingFailure } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { bounds } from '../observability/alerts/alert-rules.ts';
import type { Observed } from '../observability/alerts/conditions.ts';
import { alertSchema, evaluateAlerts } from '../observability/alerts/evaluate.ts';
import { newestDifferences } from '../observability/alerts/newest-differences.ts';
import { recordedPoints } from '../observability/history/figures.ts';
import type { ServiceStatus } from '../observability/status.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface AlertRoutesOptions {
  readonly status: () => Promise<ServiceStatus>;
  readonly history: Pick<MetricHistory, 'list'>;
  readonly reconciliations: Pick<Reconciliations, 'list' | 'get'>;
  /** Lasting failures of a connection. */
  readonly failures: (connection: string) => Promise<{ readonly currents?: StandingFailure }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `GET /api/alerts`: the alerts of `deploy/alerts.yaml` without Prometheus, as far as the service knows. */
export function alertRoutes(options: AlertRoutesOptions): ApiRoute[] {
  const differences = newestDifferences(options.reconciliations);
  return [
    apiRoute(
      endpoint({
        method: 'get',
        path: '/api/alerts',
        summary:
          'The alerts of deploy/alerts.yaml: those whose condition holds now, and those that only Prometheus can know.',
        answer: z.object({ alerts: z.array(alertSchema).readonly() }).readonly(),
      }),
      async () => {
        const { connections } = await options.status();
        const observed = Object.entries(connections).map(async ([connection, status]) => ({
          ...{ connection, status, now: options.now() },
          currents: (await options.failures(connection)).currents,
          deadLettersBefore: await deadLettersBefore(connection, options),
          differences: await differences(connection),
        }));
        return { alerts: evaluateAlerts(await Promise.all(observed)) };
      },
    ),
  ];
}

/** Dead letters at the first minute that is recorded in the last hour; without any, the newest one of any time. */
async function deadLettersBefore(
  connection: string,
  { history, now }: AlertRoutesOptions,
): Promise<Observed['deadLettersBefore']> {
  const until = now();
  const from = until - bounds.deadLettersHours * 3_600_000;
  const [first] = await recordedPoints(history, { connection, length: 'minute', from, until });
  if (first !== undefined) return first.deadLetters;
  const all = { connection, length: 'minute', from: 0, until: Number.POSITIVE_INFINITY } as const;
  return { newest: (await recordedPoints(history, all)).at(-1)?.at };
}
