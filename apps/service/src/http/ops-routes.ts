import { Router } from 'express';
import type { Readiness } from '../ops/readiness.ts';
import type { ServiceStatus } from '../ops/status.ts';

export interface OpsRoutesOptions {
  readonly readiness: () => Promise<Readiness>;
  readonly status: () => Promise<ServiceStatus>;
}

/** `/healthz`: the process runs. `/readyz`: a batch can be made durable. `/status`: everything else, for people and programs. */
export function opsRoutes({ readiness, status }: OpsRoutesOptions): Router {
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
  return router;
}
