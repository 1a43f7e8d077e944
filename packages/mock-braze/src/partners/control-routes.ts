/** `GET /_sim/cohorts` and Technology Partners → Mixpanel: `/_sim/data-import-keys`. */
import type { Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { controlRoute, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { missing } from '../control-answers.ts';
import type { ModelOf } from '../workspaces/workspaces.ts';

const keySchema = z.strictObject({
  /** Invalidates the keys there are. */
  renew: z.boolean().default(false),
  /** The new key's text; made up by default. */
  key: z.string().min(1).optional(),
});

export function partnerControlRoutes(of: ModelOf, restEndpoint: (request: SimRequest) => string): Route[] {
  return [
    controlRoute('GET', 'cohorts', request => {
      const model = of(request);
      return respond(
        200,
        model.cohorts.list().map(cohort => ({
          cohort_id: cohort.cohortId,
          name: cohort.name,
          members: [...model.cohorts.externalIds(cohort)],
        })),
      );
    }),
    controlRoute('GET', 'cohorts/:id', request => {
      const model = of(request);
      const cohort = model.cohorts.get(request.params.id ?? '');
      if (!cohort) return missing('cohort', request.params.id ?? '', 'cohorts');
      const members = [...model.cohorts.externalIds(cohort)];
      return respond(200, {
        cohort_id: cohort.cohortId,
        name: cohort.name,
        created_at: cohort.createdAt,
        members,
        anonymous_members: cohort.members.size - members.length,
      });
    }),
    controlRoute('GET', 'data-import-keys', request =>
      respond(200, {
        partner: 'mixpanel',
        rest_endpoint: restEndpoint(request),
        keys: of(request).dataImportKeys.list(),
      }),
    ),
    controlRoute('POST', 'data-import-keys', request => {
      const { renew, key } =
        request.body.length === 0 ? { renew: false } : readControlInput(request, keySchema, { renew: true });
      const keys = of(request).dataImportKeys;
      return respond(201, renew ? keys.renew(key) : keys.generate(key));
    }),
    controlRoute('DELETE', 'data-import-keys/:id', request => {
      const id = request.params.id ?? '';
      const invalidated = of(request).dataImportKeys.invalidate(id);
      return invalidated ? respond(200, invalidated) : missing('data import key', id, 'data-import-keys');
    }),
  ];
}
