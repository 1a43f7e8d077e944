import { expect, vi } from 'vitest';
import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { asOperator, type RunningService } from './running-service.ts';

/** `POST /api/backfills`. */
export const requestBackfill = ({ service }: RunningService, body: object): Promise<Response> =>
  fetch(`${service.url}/api/backfills`, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** `GET /api/backfills/{id}`. */
export const showBackfill = async (service: RunningService, id: number): Promise<BackfillJson> =>
  (await (await service.get(`/api/backfills/${id}`)).json()) as BackfillJson;

/** Starts a back-fill, and resolves when it has ended and its events are delivered. */
export async function endedBackfill(service: RunningService, body: object): Promise<BackfillJson> {
  const response = await requestBackfill(service, body);
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as BackfillJson;
  return vi.waitFor(
    async () => {
      const job = await showBackfill(service, id);
      if (job.state === 'running' || job.delivery.pending > 0)
        throw new Error(`${job.state}, ${job.delivery.pending} pending`);
      return job;
    },
    { timeout: 20_000, interval: 10 },
  );
}
