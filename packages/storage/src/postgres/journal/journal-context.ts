import type { Database } from '../server/database.ts';
import type { Profiles } from './profiles.ts';
import type { Segments } from './segments.ts';

/** What the verbs of the journal work with. */
export interface JournalContext {
  readonly database: Database;
  readonly segments: Segments;
  readonly profiles: Profiles;
  /** This process's part of the counters. */
  readonly shard: number;
}
