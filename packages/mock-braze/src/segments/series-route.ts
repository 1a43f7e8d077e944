/** The endpoint `/segments/data_series`: the daily size of a segment. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { dateOf } from '../analytics/daily-counts.ts';
import { exportRoute } from '../analytics/export-route.ts';
import { ParameterError, requiredText } from '../analytics/parameters.ts';
import { periodOf } from '../analytics/period.ts';
import { companyDaysRule } from '../analytics/series-rules.ts';
import { rulesFrom } from '../sources.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

const idRule = 'segment_id must be a string of the segment api identifier';

export function segmentSeriesRoute(workspaces: Workspaces): Route {
  return exportRoute(workspaces, {
    ...{ path: '/segments/data_series', permission: 'segments.data_series', limit: 'rest-shared' },
    rules: [
      ...rulesFrom.segmentSeries(
        'estimated size of a segment per day',
        '`length` of 1 to 100 days that end with `ending_at`, by default the time of the request',
      ),
      ...companyDaysRule,
      ...rulesFrom.choice(
        'the size is exact, and the same on each day: that of the request',
        '400 `Invalid Segment ID` for an unknown segment, and for one whose filter fits several cohorts',
        'every segment has analytics tracking',
      ),
    ],
    answer: ({ segments, analytics: { time }, nowSeconds }, query) => {
      const segment = segments.get(requiredText(query, 'segment_id', idRule));
      const size = segment && segments.counted(segment).count;
      if (size === undefined || size === null) throw new ParameterError('Invalid Segment ID');
      return {
        data: periodOf(query, time, nowSeconds * 1_000).map(day => ({ time: dateOf(day), size })),
      };
    },
  });
}
