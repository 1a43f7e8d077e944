import { batchOf } from './events.ts';
import { accepts, type Behaviour, type FakeMixpanel } from './fake-mixpanel.ts';
import { asOperator, type RunningService } from './running-service.ts';

/** Refuses every event of a request, each with its reason. */
export const refusesAll: Behaviour = ({ events, answer }) =>
  answer(400, {
    code: 400,
    failed_records: events.map(({ properties: { $insert_id } }, index) => ({
      index,
      insert_id: $insert_id,
      field: 'properties.time',
      message: 'too old',
    })),
    num_records_imported: 0,
  });

/** Makes dead letters of events: Mixpanel refuses those that can be mapped. */
export async function addDeadLetters(
  service: RunningService,
  mixpanel: FakeMixpanel,
  ...events: unknown[]
): Promise<void> {
  mixpanel.behaviour = refusesAll;
  await service.post(batchOf(...events));
  await service.settled();
  mixpanel.behaviour = accepts;
}

/** `POST` to a path below `/api/dead-letters`; a body that is no text is sent as JSON. */
export async function replayLetters({ service }: RunningService, path: string, body?: unknown) {
  const response = await fetch(`${service.url}/api/dead-letters${path}`, {
    method: 'POST',
    headers: asOperator,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}
