/** The endpoints `/canvas/list` and `/canvas/details`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { channelsOf } from './campaigns.ts';
import type { Canvas, Canvases } from './canvases.ts';
import { exportRoute } from './export-route.ts';
import { detailsOf, isoHour, isoTime, listed, listRules, sharedLimit } from './lists.ts';
import { flag, ParameterError, requiredText } from './parameters.ts';

export function canvasRoutes(workspaces: Workspaces): Route[] {
  return [
    exportRoute(workspaces, {
      ...{ path: '/canvas/list', permission: 'canvas.list', limit: 'rest-shared' },
      rules: [...listRules, ...sharedLimit],
      answer: ({ analytics }, query) => ({
        canvases: listed(analytics.canvases, query).map(({ id, updatedAt, name, tags }) => ({
          ...{ id, last_edited: isoTime(updatedAt), name, tags },
        })),
      }),
    }),
    exportRoute(workspaces, {
      ...{ path: '/canvas/details', permission: 'canvas.details', limit: 'rest-shared' },
      rules: [
        ...rulesFrom.canvasDetails(
          'name, tags, channels, variants, steps with their messages, first and last entry',
        ),
        ...rulesFrom.choice(
          'steps are full steps, with a first step for each variant, and no paths between them; removed steps are left out',
          '400 `Invalid Campaign ID` for an unknown campaign, `Invalid Canvas ID` for an unknown Canvas',
        ),
        ...sharedLimit,
      ],
      answer: ({ analytics }, query) => {
        flag(query, 'post_launch_draft_version');
        return details(canvasOf(analytics.canvases, query));
      },
    }),
  ];
}

/** The Canvas of a request. @throws ParameterError without one, or for one that is unknown or deleted. */
function canvasOf(canvases: Canvases, query: URLSearchParams): Canvas {
  const id = requiredText(query, 'canvas_id', 'canvas_id must be a string of the canvas api identifier');
  const canvas = canvases.get(id);
  if (canvas) return canvas;
  throw new ParameterError('Invalid Canvas ID');
}

function details(canvas: Canvas) {
  const steps = [...canvas.steps].filter(([, { deleted }]) => !deleted);
  const first = steps.slice(0, 1).map(([id]) => id);
  return {
    ...detailsOf(canvas),
    first_entry: isoHour(canvas.firstAt),
    last_entry: isoHour(canvas.lastAt),
    channels: channelsOf(steps.flatMap(([, { variations }]) => [...variations.values()])),
    variants: Array.from(canvas.variants, ([id, name]) => ({ name, id, first_step_ids: first })),
    steps: steps.map(([id, { name, variations }]) => ({
      ...{ name, type: 'full', id, next_step_ids: [], next_paths: [] },
      channels: channelsOf(variations.values()),
      messages: Object.fromEntries(variations),
    })),
  };
}
