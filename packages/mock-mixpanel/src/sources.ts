import { rulesBySource } from '@braze-mixpanel/simulator-kit';

/** Pages of a documentation by their titles, read in 2026 unless another time is given. */
const pagesOf =
  (documentation: string) =>
  (title: string, seen = '2026') => ({ from: `${documentation}, ${title}`, seen });
const page = pagesOf('Mixpanel documentation');
const developerPage = pagesOf('Mixpanel developer documentation');
const brazePage = pagesOf('Braze documentation');
const observed = (from: string, seen = '2026') => ({ from, seen, status: 'observed' as const });

/** The sources of the simulator's rules. */
export const rulesFrom = rulesBySource({
  importApi: developerPage('"Import Events"'),
  trackApi: developerPage('"Track Events"'),
  profiles: developerPage('"User Profiles"'),
  groups: developerPage('"Group Profiles"'),
  identity: developerPage('"Identity API"'),
  mergeApi: developerPage('"Merge Identities"'),
  originalIdentity: page('"Identifying Users (Original)"'),
  mergeDiagrams: developerPage('"Identity API": diagrams of $identify, $create_alias and $merge'),
  migrationPage: page('"Migrating to Simplified ID Merge"'),
  dataTypes: page('"Supported Data Types"'),
  importFields: developerPage('"Import Events", properties.distinct_id'),
  probedImports: observed(
    'test requests to a project on simplified identity, published by authors of a bulk importer',
  ),
  unauthorizedPage: page('"Errors: 401 Unauthorized"'),
  cohorts: page('"Cohorts"'),
  clients: { from: 'the client libraries mixpanel (npm), mixpanel-import, mixpanel (Python)', seen: '2026' },
  browserClient: { from: 'the client library mixpanel-browser (npm)', seen: '2026' },
  flags: developerPage('"Feature Flags API"'),
  rateLimits: developerPage('"Rate Limits"'),
  authentication: developerPage('"Authentication"'),
  euResidency: page('"EU Data Residency" (docs.mixpanel.com/docs/privacy/eu-residency)', '2026-08'),
  projectSecret: page('"Project Secret"', '2026-08'),
  deduplication: developerPage('"Event De-duplication"'),
  exportApi: developerPage('"Raw Event Export"'),
  exportTimes: page(
    '"Export Methods" and "Managing Projects", and developer documentation, "Raw Event Export"',
  ),
  exportConnectors: observed('the published connectors Airbyte source-mixpanel and Singer tap-mixpanel'),
  cohortList: developerPage('"Query API: List Saved Cohorts"'),
  engage: developerPage('"Query API: Query Profiles"'),
  queryClient: { from: 'mixpanel-utils, the official Python client', seen: '2025' },
  liveAnswers: observed(
    'live answers quoted in public issue threads of the official clients',
    '2022 to 2026',
  ),
  nesting: observed('an employee of Mixpanel, in github.com/mixpanel/docs-legacy/pull/2197', '2025'),
  bulkScripts: observed('public bulk import scripts that send verbose=2 to /engage'),
  schemas: developerPage(
    '"Lexicon Schemas API": openapi/lexicon-schemas.openapi.yaml in github.com/mixpanel/docs',
  ),
  schemasOverview: developerPage('"Lexicon Schemas API: Overview"'),
  schemasAccess: developerPage('"Lexicon Schemas API: Authentication"'),
  schemaLimits: developerPage('"Lexicon Schemas API: Limits"'),
  segmentation: developerPage(
    '"Query API: Query Segmentation Report": openapi/query.openapi.yaml in github.com/mixpanel/docs',
    '2026-08',
  ),
  projectDetails: page('"Managing Projects: Manage Timezones for Projects"', '2026-08'),
  lookupPage: developerPage('"Replace a Lookup Table"', '2026-08'),
  lookupSpec: developerPage(
    '"Lookup Tables": openapi/ingestion.openapi.yaml in github.com/mixpanel/docs',
    '2026-08',
  ),
  lookupGuide: page('"Lookup Tables"', '2026-08'),
  lexiconPage: page('"Lexicon"', '2026-08'),
  dropFilters: page('"Data Clean-Up: Drop Filters"', '2026-08'),
  schemasUpload: developerPage('"Lexicon Schemas API: Create/Replace Multiple"', '2026-08'),
  serviceAccounts: developerPage(
    '"List Service Accounts For Project": openapi/service-accounts.openapi.yaml in github.com/mixpanel/docs',
    '2026-11',
  ),
  gdprPage: developerPage('"GDPR API: Overview"', '2026-08'),
  gdprSpec: developerPage('"GDPR API": openapi/gdpr.openapi.yaml in github.com/mixpanel/docs', '2026-08'),
  endUserData: page('"End User Data Management"', '2026-08'),
  recordedDeletions: observed(
    'requests for deletions and their answers, recorded in public repositories',
    '2026-11',
  ),
  hotShards: page('"Hot Shard Limits"', '2026-11'),
  simplifiedIdentity: page('"Simplified ID Merge"'),
  webhookSync: page('"Cohort Syncs: Custom Webhooks"'),
  partnerImport: brazePage('"Partner cohort import"'),
  requestedPage: brazePage('"Mixpanel" (Technology Partners)', '2022'),
  laterCohortPage: brazePage('"Mixpanel cohort import"', '2025'),
  choice: { from: 'not documented: a choice of this simulator', seen: '2026', status: 'chosen' },
});
