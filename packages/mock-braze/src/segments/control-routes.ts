/** `GET|POST /_sim/segments`, `GET /_sim/segments/:id/members`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { controlRoute, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { listed, missing } from '../control-answers.ts';
import type { ModelOf } from '../workspaces/workspaces.ts';
import { segmentSchema } from './segments.ts';

const example = {
  name: 'Big spenders',
  filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Big spenders' },
};

export function segmentRoutes(of: ModelOf): Route[] {
  return [
    controlRoute('GET', 'segments', request => respond(200, of(request).segments.list())),
    controlRoute('POST', 'segments', request =>
      respond(201, of(request).segments.create(readControlInput(request, segmentSchema, example))),
    ),
    controlRoute('GET', 'segments/:id', request => {
      const segment = of(request).segments.get(request.params.id ?? '');
      return segment ? respond(200, segment) : missing('segment', request.params.id ?? '', 'segments');
    }),
    controlRoute('GET', 'segments/:id/members', request => {
      const segment = of(request).segments.get(request.params.id ?? '');
      if (!segment) return missing('segment', request.params.id ?? '', 'segments');
      return listed(of(request).segments.members(segment));
    }),
  ];
}
