import { storageConformance } from '../conformance/storage-conformance.ts';
import { sqliteHarness } from './sqlite-harness.ts';

storageConformance('SQLite', sqliteHarness);
