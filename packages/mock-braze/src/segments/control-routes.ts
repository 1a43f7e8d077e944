/** The routes `/_sim/segments`: filters over the users, and their current members. */
import {
  controlRoutes,
  documented,
  jsonList,
  type Route,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { ModelOf } from '../workspaces/workspaces.ts';
import { segmentSchema, shownSegmentSchema } from './segments.ts';

const example = {
  name: 'Big spenders',
  filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Big spenders' },
};

export function segmentControlRoutes(of: ModelOf): Route[] {
  const withSegment = withItem('segment', 'segments', (id, request) => of(request).segments.get(id));
  return controlRoutes({
    'GET segments': documented('The segments.', { 200: z.array(shownSegmentSchema) }, request =>
      respond(200, of(request).segments.list()),
    ),
    'POST segments': documented(
      'Creates a segment.',
      { 201: shownSegmentSchema },
      withBody(segmentSchema, example, (segment, request) =>
        respond(201, of(request).segments.create(segment)),
      ),
    ),
    'GET segments/:id': documented(
      'One segment.',
      { 200: shownSegmentSchema },
      withSegment(segment => respond(200, segment)),
    ),
    'GET segments/:id/members': documented(
      'External IDs of the current members of the segment.',
      { 200: z.array(z.string()) },
      withSegment((segment, request) => jsonList(of(request).segments.members(segment))),
    ),
  });
}
