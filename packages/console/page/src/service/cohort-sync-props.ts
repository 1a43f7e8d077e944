import type { Server } from '../app/about.ts';
import type { CohortSync } from './status.ts';

/** What each part of the ledger of a sync gets. */
export interface LedgerProps {
  readonly server: Server;
  readonly sync: CohortSync;
}
