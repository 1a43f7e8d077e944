import { Router } from 'express';
import type { Readiness } from '../observability/readiness.ts';
import type { ServiceStatus } from '../observability/status.ts';
import { onlyMethods } from './answer.ts';

export interface OpsRoutesOptions {
  readonly readiness: () => Promise<Readiness>;
  readonly status: () => Promise<ServiceStatus>;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<{ type: string; text: string }>;
}

/**
 * `/healthz`: the process runs. `/readyz`: a batch can be made durable. `/status`: everything else, for
 * people and programs. `/metrics`: the same as numbers, for Prometheus.
 */
export function opsRoutes({ readiness, status, metrics }: OpsRoutesOptions): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const now = await readiness();
    response.status(now.ready ? 200 : 503).json(now);
  });
  router.get('/status', async (_request, response) => {
    response.json(await status());
  });
  router.get('/metrics', async (_request, response) => {
    const { type, text } = await metrics();
    response.set('Content-Type', type).send(text);
  });
  router.all(['/healthz', '/readyz', '/status', '/metrics'], onlyMethods(['get']));
  return router;
}
