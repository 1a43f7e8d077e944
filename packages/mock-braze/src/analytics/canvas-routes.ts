/** The endpoints `/canvas/list`, `/canvas/details` and `/canvas/data_series`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { channelsOf } from './campaigns.ts';
import { canvasDays } from './canvas-series.ts';
import type { Canvas } from './canvases.ts';
import { exportRoute } from './export-route.ts';
import {
  detailsOf,
  entryOf,
  isoHour,
  isoTime,
  listed,
  listRules,
  messageOf,
  sharedLimit,
  unknownIdRule,
} from './lists.ts';
import { flag } from './parameters.ts';
import { canvasPeriodOf } from './period.ts';
import { seriesRules } from './series-rules.ts';

export function canvasRoutes(workspaces: Workspaces): Route[] {
  return [
    exportRoute(workspaces, {
      ...{ path: '/canvas/list', permission: 'canvas.list', limit: 'rest-shared' },
      rules: [...listRules, ...sharedLimit],
      answer: ({ analytics }, query) => ({
        message: messageOf('canvases', analytics.canvases),
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
        ),
        ...unknownIdRule,
        ...sharedLimit,
      ],
      answer: ({ analytics }, query) => {
        flag(query, 'post_launch_draft_version');
        return details(entryOf(analytics.canvases, query, 'Canvas'));
      },
    }),
    exportRoute(workspaces, {
      ...{ path: '/canvas/data_series', permission: 'canvas.data_series', limit: 'rest-shared' },
      rules: [
        ...rulesFrom.canvasSeries(
          '`ending_at`, and `starting_at` or `length`, are required; a request has 1 to 14 days',
          'numbers need not equal those of Currents',
          'variants, steps and removed steps only with `include_variant_breakdown`, `include_step_breakdown` and `include_deleted_step_data`',
        ),
        ...rulesFrom.engagementReports(
          'entries and conversions of a Canvas are users of the day, not events',
        ),
        ...rulesFrom.companyDays('`starting_at` and `ending_at` mean whole days'),
        ...seriesRules,
        ...rulesFrom.choice(
          'of `starting_at` and `length`, `starting_at` counts; conversions by entry time belong to the day of the latest entry',
        ),
        ...sharedLimit,
      ],
      answer: ({ analytics }, query) => {
        const canvas = entryOf(analytics.canvases, query, 'Canvas');
        const breakdown = {
          variants: flag(query, 'include_variant_breakdown'),
          steps: flag(query, 'include_step_breakdown'),
          deletedSteps: flag(query, 'include_deleted_step_data'),
        };
        const stats = canvasDays(canvas, canvasPeriodOf(query, analytics.time), breakdown);
        return { data: { name: canvas.name, stats } };
      },
    }),
  ];
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
