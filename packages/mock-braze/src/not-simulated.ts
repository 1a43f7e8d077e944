/** Features of Braze that the simulator lacks, for `/_sim/coverage`. */
export const notSimulated: readonly string[] = [
  'sending by campaigns and Canvases: events come only from POST /_sim/emit and /users/track',
  'connectors of Currents other than Custom HTTP, Mixpanel Export and the storage export to a folder',
  'files of up to 100,000 events under load, and other partitions than 0',
  'the REST API beyond the routes of this coverage: 404',
  'definitions of campaigns and Canvases: only what their events show, and what the control API sets',
  'apps, sessions, campaigns, Canvases, cards, attribution, `created_at` and `random_bucket` in /users/export/ids',
  'users that share an e-mail address: a subscription changes for the given user alone',
  'anonymous users by `push_token_import`: an object needs an identifier',
  'checks of `country`, `language`, `gender`, `dob`, `time_zone` and session dates: values are kept as sent',
  'changes of nested attributes and arrays of objects by $add, $update and $remove: the value replaces the old one',
  'filters of segments beyond a Mixpanel cohort and a custom attribute that is true',
  'delays: an imported cohort and a tracked attribute apply at once, a segment is evaluated on each request',
  'billing of data points',
  'prioritization among users with the same e-mail address or phone number: each belongs to one user',
  'hosts of instances: one server stands for all of them',
  'persistence: GET and PUT /_sim/state carry the state over a restart, except for the queues of Currents',
];
