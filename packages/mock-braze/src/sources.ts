import { rulesBySource } from '@braze-mixpanel/simulator-kit';

/** The sources of the simulator's rules. */
export const rulesFrom = rulesBySource({
  customHttp: { from: 'Braze documentation, Currents: Custom HTTP connector', seen: '2026' },
  customHttpOld: { from: 'Braze documentation, Currents: Custom HTTP connector', seen: '2022' },
  deliverySemantics: { from: 'Braze documentation, Currents: event delivery semantics', seen: '2026' },
  deliverySemanticsOld: { from: 'Braze documentation, Currents: event delivery semantics', seen: '2024' },
  storagePage: { from: 'Braze documentation, Amazon S3 for Currents', seen: '2026' },
  sampleFiles: { from: 'sample files of Currents that Braze publishes', seen: '2026', status: 'observed' },
  mixpanelPage: { from: 'Braze documentation, technology partners: Mixpanel for Currents', seen: '2022' },
  cohortImport: { from: 'Braze documentation, partner integrations: partner cohort import', seen: '2026' },
  usersTrack: { from: 'Braze documentation, API: POST /users/track', seen: '2026' },
  usersTrackOld: {
    from: 'Braze documentation, API: POST /users/track (75 objects in each array)',
    seen: '2025',
  },
  purchaseSize: { from: 'Braze documentation, API: purchase object (50 KB)', seen: '2026' },
  arrayLength: { from: 'Braze documentation, custom attribute data types (500 items)', seen: '2026' },
  exportExample: {
    from: 'Braze documentation, API: POST /users/export/ids, whose example has all three',
    seen: '2026',
  },
  connectors: {
    from: 'connector of Segment for Braze cohorts, which checks its keys with an empty change',
    seen: '2026',
    status: 'observed',
  },
  recordedErrors: {
    from: 'answers of Braze recorded in the tests of the client of RudderStack',
    seen: '2026',
    status: 'observed',
  },
  purchaseObject: { from: 'Braze documentation, API: purchase object', seen: '2026' },
  attributesObject: { from: 'Braze documentation, API: user attributes object', seen: '2026' },
  eventProperties: { from: 'Braze documentation, custom event properties', seen: '2026' },
  dataTypes: { from: 'Braze documentation, custom attribute data types', seen: '2026' },
  nestedAttributes: { from: 'Braze documentation, nested custom attributes', seen: '2026' },
  lengthIssue: {
    from: 'issue 11804 of the Braze documentation: length constraints',
    seen: '2026',
    status: 'observed',
  },
  lengthPage: {
    from: 'Braze documentation, analytics: length constraints (255 characters, no bytes)',
    seen: '2026',
  },
  emailValidation: { from: 'Braze documentation, email validation', seen: '2026' },
  glossary: { from: 'Braze documentation, Currents event glossary', seen: '2026' },
  eventObject: { from: 'Braze documentation, API: event object', seen: '2026' },
  usersIdentify: { from: 'Braze documentation, API: POST /users/identify', seen: '2026' },
  usersAlias: { from: 'Braze documentation, API: POST /users/alias/new', seen: '2026' },
  usersDelete: { from: 'Braze documentation, API: POST /users/delete', seen: '2026' },
  recordedAnswers: {
    from: 'answers of Braze recorded in the tests of the client braze_ruby',
    seen: '2019',
    status: 'observed',
  },
  apiOverview: { from: 'Braze documentation, API overview: REST API keys and permissions', seen: '2026' },
  usersExport: { from: 'Braze documentation, API: POST /users/export/ids', seen: '2026' },
  rateLimits: { from: 'Braze documentation, API: rate limits', seen: '2026' },
  choice: { from: 'undocumented by Braze: a choice of this simulator', seen: '2026', status: 'chosen' },
});
