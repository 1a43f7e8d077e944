import { cohortConformance } from '../../conformance/cohort-conformance.ts';
import { sqliteHarness } from '../sqlite-harness.ts';

cohortConformance('SQLite', sqliteHarness);
