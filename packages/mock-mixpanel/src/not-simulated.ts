import { notSimulatedInEngage } from './cohorts/engage-query.ts';
import { notSimulatedInExport } from './events/routes.ts';
import { notSimulatedInSegmentation } from './reports/routes.ts';

/** Features of Mixpanel that the simulator lacks, for `/_sim/coverage`. */
export const notSimulated: readonly string[] = [
  `${notSimulatedInExport.join(', ')} of /api/2.0/export: answered with 400, since they are not evaluated`,
  `${notSimulatedInEngage.join(', ')} of /engage: answered with 400, since they are not evaluated`,
  `${notSimulatedInSegmentation.join(', ')} of /segmentation: answered with 400, since they are not evaluated`,
  'reports other than segmentation (insights, funnels, retention, JQL): 404',
  'lookup tables: not by the warehouse connectors, and not joined in queries',
  'feature flags, recordings of sessions and remote settings: accepted and counted, nothing is kept; /flags/definitions: 404',
  'Lexicon: no entry is made by sending events; blocked properties, merged events and Event Approval have no effect; metadata set to null is refused',
  'expiry of OAuth tokens; the retrieval part of the GDPR API: 404',
  'roles of service accounts; the Service Accounts API, except for the list of a project: 404',
  'identity: events keep their original distinct id, in the export as well; cohorts by rule, profiles and queries of profiles follow the canonical one',
  'cohorts by rule support events in a window and properties; no funnels, no aggregates, no other cohorts',
  'hot shards of groups, and $hotshard_record events',
  'geo properties made from ip, de-duplication by compaction per calendar day',
  'hosts of regions: one server represents all of them, unless the project has a region and the Host header names another',
  'persistence: GET and PUT /_sim/state carry the state over a restart, except for cohort syncs',
];
