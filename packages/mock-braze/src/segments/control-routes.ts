/** The routes `/_sim/segments`: filters over the users, and their current members. */
import {
  controlRoutes,
  deletedSchema,
  documented,
  errorSchema,
  jsonList,
  type Respond,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { ModelOf } from '../workspaces/workspaces.ts';
import {
  countedSegmentSchema,
  type SegmentDefinition,
  type Segments,
  segmentFilterSchema,
  segmentSchema,
  segmentSizesSchema,
  shownSegmentSchema,
} from './segments.ts';

const example = {
  name: 'Big spenders',
  filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Big spenders' },
};

/** Maximum of members in a preview. */
const previewed = 100;
const previewSchema = z.strictObject({ filter: segmentFilterSchema });

export function segmentControlRoutes(of: ModelOf) {
  const withSegment = withItem('segment', 'segments', (id, request) => of(request).segments.get(id));
  return controlRoutes({
    'GET segments': documented(
      'The segments, with their numbers of members.',
      { 200: z.array(countedSegmentSchema) },
      request => {
        const { segments } = of(request);
        return respond(
          200,
          segments.list().map(each => segments.counted(each)),
        );
      },
    ),
    'POST segments': documented(
      'Creates a segment.',
      { 201: shownSegmentSchema, 409: errorSchema },
      withBody(segmentSchema, example, (segment, request) => {
        const { segments } = of(request);
        return ambiguity(segment, segments) ?? respond(201, segments.create(segment));
      }),
    ),
    'POST segments/preview': documented(
      'The users that a filter fits: their number and the first 100, without a segment.',
      { 200: z.object({ count: z.int(), members: z.array(z.string()) }), 409: errorSchema },
      withBody(previewSchema, { filter: example.filter }, ({ filter }, request) => {
        const { segments } = of(request);
        const refusal = ambiguity({ filter }, segments);
        if (refusal) return refusal;
        const members = [...segments.members({ filter })];
        return respond(200, { count: members.length, members: members.slice(0, previewed) });
      }),
    ),
    'GET segments/:id': documented(
      'One segment.',
      { 200: countedSegmentSchema },
      withSegment((segment, request) => respond(200, of(request).segments.counted(segment))),
    ),
    'GET segments/:id/members': documented(
      'External IDs of the current members of the segment.',
      { 200: z.array(z.string()), 409: errorSchema },
      withSegment((segment, request) => {
        const { segments } = of(request);
        return ambiguity(segment, segments) ?? jsonList(segments.members(segment));
      }),
    ),
    'GET segments/:id/sizes': documented(
      'Numbers of members since the segment was created, each with the time at which it was measured first.',
      { 200: segmentSizesSchema },
      withSegment((segment, request) => respond(200, of(request).segments.sizes(segment))),
    ),
    'DELETE segments/:id': documented(
      'Deletes a segment.',
      { 200: deletedSchema },
      withSegment((segment, request) => {
        of(request).segments.delete(segment.id);
        return respond(200, { deleted: segment.id });
      }),
    ),
  });
}

/** A refusal of a filter by a name that several cohorts share; undocumented by Braze. */
function ambiguity(segment: Pick<SegmentDefinition, 'filter'>, segments: Segments): Respond | undefined {
  const ids = segments.ambiguous(segment);
  if (ids.length === 0) return undefined;
  const error = `Several cohorts have this name: ${ids.join(', ')}. Use one of these IDs in the filter.`;
  return respond(409, { error });
}
