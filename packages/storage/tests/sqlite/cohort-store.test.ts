import { cohortConformance } from '../../src/conformance/cohort-conformance.ts';
import { sqliteHarness } from '../../src/sqlite/sqlite-harness.ts';

cohortConformance('SQLite', sqliteHarness);
