import { storageConformance } from '../../src/conformance/storage-conformance.ts';
import { sqliteHarness } from '../../src/sqlite/sqlite-harness.ts';

storageConformance('SQLite', sqliteHarness);
