import type { Source } from '@braze-mixpanel/simulator-kit';

/** Where this simulator's rules are written down. */
export const sources = {
  customHttp: { from: 'Braze documentation, Currents: Custom HTTP connector', seen: '2026' },
  customHttpOld: { from: 'Braze documentation, Currents: Custom HTTP connector', seen: '2022' },
  mixpanelPage: { from: 'Braze documentation, technology partners: Mixpanel for Currents', seen: '2022' },
  cohortImport: { from: 'Braze documentation, partner integrations: partner cohort import', seen: '2026' },
  usersTrack: { from: 'Braze documentation, API: POST /users/track', seen: '2026' },
  usersExport: { from: 'Braze documentation, API: POST /users/export/ids', seen: '2026' },
  rateLimits: { from: 'Braze documentation, API: rate limits', seen: '2026' },
  choice: { from: 'undocumented by Braze: a choice of this simulator', seen: '2026' },
} as const satisfies Record<string, Source>;
