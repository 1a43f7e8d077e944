import { notSimulatedInEngage } from './cohorts/engage-query.ts';
import { notSimulatedInExport } from './events/export-route.ts';

/** What Mixpanel has and this simulator has not, for `/_sim/coverage`. */
export const notSimulated: readonly string[] = [
  `${notSimulatedInExport.join(', ')} of /api/2.0/export: answered with 400, since they are not evaluated`,
  `${notSimulatedInEngage.join(', ')} of /engage: answered with 400, since they are not evaluated`,
  'reports (insights, funnels, retention, segmentation, JQL), lookup tables, schemas: 404',
  '/track and the writing of profiles and groups: 404; profiles come with the members of a cohort',
  'identity: $identify, $create_alias and $merge are stored as events, and no users are merged',
  'cohorts as queries: a cohort is the list of users that it was given',
  'geo properties made from ip, $hotshard_events, de-duplication by compaction per calendar day',
  'hosts of regions: one server takes the place of all of them',
  'anything kept over an end of the process: GET and PUT /_sim/state carry it over, cohort syncs left out',
];
