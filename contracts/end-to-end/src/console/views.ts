/** Views of the console of a sandbox, by the path of their address. */
export const views = [
  'sandbox/delivery-report',
  'service/connections',
  'service/alerts',
  'service/dead-letters',
  'service/cohorts',
  'service/back-fills',
  'service/reconcile',
  'service/trace#user=ada',
  'service/audit',
  'mock-braze/currents',
  'mock-braze/cohorts',
  'mock-braze/segments',
  'mock-braze/requests',
  'mock-braze/faults',
  'mock-braze/coverage',
  'mock-mixpanel/events',
  'mock-mixpanel/cohorts',
  'mock-mixpanel/syncs',
  'mock-mixpanel/requests',
  'mock-mixpanel/faults',
  'mock-mixpanel/coverage',
] as const;

/** Views in which the first row can be opened. */
export const opening: readonly (typeof views)[number][] = [
  'service/dead-letters',
  'service/cohorts',
  'service/audit',
  'mock-braze/currents',
  'mock-braze/cohorts',
  'mock-braze/segments',
  'mock-mixpanel/events',
  'mock-mixpanel/cohorts',
  'mock-mixpanel/syncs',
  'mock-mixpanel/requests',
  'mock-mixpanel/coverage',
];
