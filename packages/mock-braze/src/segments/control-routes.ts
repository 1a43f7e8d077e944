/** `/_sim/segments`: filters over the users, and who is in them. */
import {
  controlRoutes,
  jsonList,
  type Route,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import type { ModelOf } from '../workspaces/workspaces.ts';
import { segmentSchema } from './segments.ts';

const example = {
  name: 'Big spenders',
  filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Big spenders' },
};

export function segmentControlRoutes(of: ModelOf): Route[] {
  const withSegment = withItem('segment', 'segments', (id, request) => of(request).segments.get(id));
  return controlRoutes({
    'GET segments': request => respond(200, of(request).segments.list()),
    'POST segments': withBody(segmentSchema, example, (segment, request) =>
      respond(201, of(request).segments.create(segment)),
    ),
    'GET segments/:id': withSegment(segment => respond(200, segment)),
    'GET segments/:id/members': withSegment((segment, request) =>
      jsonList(of(request).segments.members(segment)),
    ),
  });
}
