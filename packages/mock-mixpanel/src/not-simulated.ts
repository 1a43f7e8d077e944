import { notSimulatedInEngage } from './cohorts/engage-query.ts';
import { notSimulatedInExport } from './events/routes.ts';

/** What Mixpanel has and this simulator has not, for `/_sim/coverage`. */
export const notSimulated: readonly string[] = [
  `${notSimulatedInExport.join(', ')} of /api/2.0/export: answered with 400, since they are not evaluated`,
  `${notSimulatedInEngage.join(', ')} of /engage: answered with 400, since they are not evaluated`,
  'reports (insights, funnels, retention, segmentation, JQL), lookup tables, schemas: 404',
  'OAuth tokens; roles of service accounts',
  'identity: events keep the distinct id they came with, in the export as well; cohorts by rule, profiles and queries of profiles follow the canonical one',
  'cohorts by rule know events in a window and properties; no funnels, no aggregates, no other cohorts',
  'geo properties made from ip, $hotshard_events, de-duplication by compaction per calendar day',
  'hosts of regions: one server takes the place of all of them, unless the project has a region and the Host header names another',
  'anything kept over an end of the process: GET and PUT /_sim/state carry it over, cohort syncs left out',
];
