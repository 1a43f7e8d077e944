import { conformance, contracts } from '../../src/conformance/conformance.ts';
import { sqliteHarness } from '../../src/testing/sqlite-harness.ts';

conformance('SQLite', sqliteHarness, contracts.journal);
