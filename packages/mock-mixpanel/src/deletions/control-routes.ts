import { controlRoutes, documented, missing, respond, withBody } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { checkUuid } from '../control-input.ts';
import type { MockMixpanelModel } from '../model.ts';
import { type DeletionTask, deletionStatuses } from './deletion-tasks.ts';

const status = z.enum(deletionStatuses);
const shownSchema = z.object({
  id: z.string(),
  distinctIds: z.array(z.string()),
  complianceType: z.enum(['GDPR', 'CCPA']),
  status,
  requestedAt: z.string(),
  doneAt: z.string(),
});
const input = {
  schema: z.strictObject({
    distinctIds: z.array(z.string().min(1)).min(1).optional(),
    complianceType: z.enum(['GDPR', 'CCPA']).default('GDPR'),
    status: status.default('PENDING'),
  }),
  example: { status: 'SUCCESS' },
};

/**
 * The routes `/_sim/data-deletions`: `GET` lists deletion tasks. `PUT /:id` moves a task to a state, ahead of its time or to a
 * failure; with `distinctIds` it requests a deletion first, as the form in Mixpanel's interface does.
 */
export function deletionControlRoutes({ deletions }: MockMixpanelModel) {
  return controlRoutes({
    'GET data-deletions': documented('The deletion tasks.', { 200: z.array(shownSchema) }, () =>
      respond(200, deletions.list().map(shown)),
    ),
    'PUT data-deletions/:id': documented(
      'Moves a deletion task to a state, after its request if users are given; SUCCESS deletes them at once.',
      { 200: shownSchema },
      withBody(input.schema, input.example, async (given, { params: { id = '' } }) => {
        const { distinctIds, complianceType, status } = given;
        if (distinctIds) checkUuid('deletion task', 'data-deletions', id);
        const task = distinctIds ? deletions.create(distinctIds, complianceType, id) : deletions.get(id);
        if (task === undefined) return missing('deletion task', id, 'data-deletions');
        return respond(200, shown(await deletions.enter(task, status)));
      }),
    ),
  });
}

function shown({ requestedAt, doneAt, ...task }: DeletionTask) {
  return {
    ...task,
    distinctIds: [...task.distinctIds],
    requestedAt: new Date(requestedAt).toISOString(),
    doneAt: new Date(doneAt).toISOString(),
  };
}
