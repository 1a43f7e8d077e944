/** What Braze has and this simulator has not, for `/_sim/coverage`. */
export const notSimulated: readonly string[] = [
  'campaigns and Canvases: events happen by POST /_sim/emit and /users/track alone',
  'connectors of Currents other than Custom HTTP and Mixpanel Export (storage, other partners)',
  'the REST API beyond /users/track, /users/export/ids, /users/identify, /users/alias/new and /users/delete: 404',
  'subscription groups, session counts and campaign history in /users/export/ids',
  'changes of nested attributes and arrays of objects by $add, $update and $remove: the value replaces',
  'filters of segments beyond a Mixpanel cohort and a custom attribute that is true',
  'delays: an imported cohort and a tracked attribute hold at once, a segment is counted when it is asked for',
  'billing of data points',
  'which user of several an e-mail address or phone number means (prioritization): each belongs to one user',
  'hosts of instances: one server takes the place of all of them',
  'anything kept over an end of the process: GET and PUT /_sim/state carry it over, queues of Currents left out',
];
