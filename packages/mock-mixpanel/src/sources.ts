import { rulesBySource } from '@braze-mixpanel/simulator-kit';

/** The sources of the simulator's rules. */
export const rulesFrom = rulesBySource({
  importApi: { from: 'Mixpanel developer documentation, "Import Events"', seen: '2026' },
  trackApi: { from: 'Mixpanel developer documentation, "Track Events"', seen: '2026' },
  profiles: { from: 'Mixpanel developer documentation, "User Profiles"', seen: '2026' },
  groups: { from: 'Mixpanel developer documentation, "Group Profiles"', seen: '2026' },
  identity: { from: 'Mixpanel developer documentation, "Identity API"', seen: '2026' },
  mergeApi: { from: 'Mixpanel developer documentation, "Merge Identities"', seen: '2026' },
  originalIdentity: { from: 'Mixpanel documentation, "Identifying Users (Original)"', seen: '2026' },
  mergeDiagrams: {
    from: 'Mixpanel developer documentation, "Identity API": diagrams of $identify, $create_alias and $merge',
    seen: '2026',
  },
  migrationPage: { from: 'Mixpanel documentation, "Migrating to Simplified ID Merge"', seen: '2026' },
  dataTypes: { from: 'Mixpanel documentation, "Supported Data Types"', seen: '2026' },
  importFields: {
    from: 'Mixpanel developer documentation, "Import Events", properties.distinct_id',
    seen: '2026',
  },
  probedImports: {
    from: 'test requests to a project on simplified identity, published by authors of a bulk importer',
    seen: '2026',
    status: 'observed',
  },
  unauthorizedPage: { from: 'Mixpanel documentation, "Errors: 401 Unauthorized"', seen: '2026' },
  cohorts: { from: 'Mixpanel documentation, "Cohorts"', seen: '2026' },
  clients: { from: 'the client libraries mixpanel (npm), mixpanel-import, mixpanel (Python)', seen: '2026' },
  browserClient: { from: 'the client library mixpanel-browser (npm)', seen: '2026' },
  flags: { from: 'Mixpanel developer documentation, "Feature Flags API"', seen: '2026' },
  rateLimits: { from: 'Mixpanel developer documentation, "Rate Limits"', seen: '2026' },
  authentication: { from: 'Mixpanel developer documentation, "Authentication"', seen: '2026' },
  euResidency: {
    from: 'Mixpanel documentation, "EU Data Residency" (docs.mixpanel.com/docs/privacy/eu-residency)',
    seen: '2026-08',
  },
  projectSecret: { from: 'Mixpanel documentation, "Project Secret"', seen: '2026-08' },
  deduplication: { from: 'Mixpanel developer documentation, "Event De-duplication"', seen: '2026' },
  exportApi: { from: 'Mixpanel developer documentation, "Raw Event Export"', seen: '2026' },
  exportTimes: {
    from: 'Mixpanel documentation, "Export Methods" and "Managing Projects", and developer documentation, "Raw Event Export"',
    seen: '2026',
  },
  exportConnectors: {
    from: 'the published connectors Airbyte source-mixpanel and Singer tap-mixpanel',
    seen: '2026',
    status: 'observed',
  },
  cohortList: { from: 'Mixpanel developer documentation, "Query API: List Saved Cohorts"', seen: '2026' },
  engage: { from: 'Mixpanel developer documentation, "Query API: Query Profiles"', seen: '2026' },
  queryClient: { from: 'mixpanel-utils, the official Python client', seen: '2025' },
  liveAnswers: {
    from: 'live answers quoted in public issue threads of the official clients',
    seen: '2022 to 2026',
    status: 'observed',
  },
  nesting: {
    from: 'an employee of Mixpanel, in github.com/mixpanel/docs-legacy/pull/2197',
    seen: '2025',
    status: 'observed',
  },
  bulkScripts: {
    from: 'public bulk import scripts that send verbose=2 to /engage',
    seen: '2026',
    status: 'observed',
  },
  schemas: {
    from: 'Mixpanel developer documentation, "Lexicon Schemas API": openapi/lexicon-schemas.openapi.yaml in github.com/mixpanel/docs',
    seen: '2026',
  },
  schemasOverview: {
    from: 'Mixpanel developer documentation, "Lexicon Schemas API: Overview"',
    seen: '2026',
  },
  schemasAccess: {
    from: 'Mixpanel developer documentation, "Lexicon Schemas API: Authentication"',
    seen: '2026',
  },
  schemaLimits: { from: 'Mixpanel developer documentation, "Lexicon Schemas API: Limits"', seen: '2026' },
  segmentation: {
    from: 'Mixpanel developer documentation, "Query API: Query Segmentation Report": openapi/query.openapi.yaml in github.com/mixpanel/docs',
    seen: '2026-08',
  },
  projectDetails: {
    from: 'Mixpanel documentation, "Managing Projects: Manage Timezones for Projects"',
    seen: '2026-08',
  },
  lookupPage: { from: 'Mixpanel developer documentation, "Replace a Lookup Table"', seen: '2026-08' },
  lookupSpec: {
    from: 'Mixpanel developer documentation, "Lookup Tables": openapi/ingestion.openapi.yaml in github.com/mixpanel/docs',
    seen: '2026-08',
  },
  lookupGuide: { from: 'Mixpanel documentation, "Lookup Tables"', seen: '2026-08' },
  lexiconPage: { from: 'Mixpanel documentation, "Lexicon"', seen: '2026-08' },
  dropFilters: { from: 'Mixpanel documentation, "Data Clean-Up: Drop Filters"', seen: '2026-08' },
  schemasUpload: {
    from: 'Mixpanel developer documentation, "Lexicon Schemas API: Create/Replace Multiple"',
    seen: '2026-08',
  },
  gdprPage: { from: 'Mixpanel developer documentation, "GDPR API: Overview"', seen: '2026-08' },
  gdprSpec: {
    from: 'Mixpanel developer documentation, "GDPR API": openapi/gdpr.openapi.yaml in github.com/mixpanel/docs',
    seen: '2026-08',
  },
  endUserData: { from: 'Mixpanel documentation, "End User Data Management"', seen: '2026-08' },
  recordedDeletions: {
    from: 'requests for deletions and their answers, recorded in public repositories',
    seen: '2026-11',
    status: 'observed',
  },
  hotShards: { from: 'Mixpanel documentation, "Hot Shard Limits"', seen: '2026-11' },
  simplifiedIdentity: { from: 'Mixpanel documentation, "Simplified ID Merge"', seen: '2026' },
  webhookSync: { from: 'Mixpanel documentation, "Cohort Syncs: Custom Webhooks"', seen: '2026' },
  partnerImport: { from: 'Braze documentation, "Partner cohort import"', seen: '2026' },
  requestedPage: { from: 'Braze documentation, "Mixpanel" (Technology Partners)', seen: '2022' },
  laterCohortPage: { from: 'Braze documentation, "Mixpanel cohort import"', seen: '2025' },
  choice: { from: 'not documented: a choice of this simulator', seen: '2026', status: 'chosen' },
});
